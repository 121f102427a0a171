"""Which picture a turn acts on, case by case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """Words in a situation, and the picture that they act on.

    `head` and `chosen` are numbers of versions, `attached` counts the pictures of the message.
    `acts_on` is "v3", "picture 2" (of the message) or "" (none); `references` are numbers of
    attached pictures. `echo` is what the person is told; pictures are named 1.png, 2.png, ….
    """

    text: str
    acts_on: str
    echo: str
    head: int | None = None
    chosen: int | None = None
    attached: int = 0
    references: tuple[int, ...] = ()


CASES: tuple[Case, ...] = (
    # the words alone
    Case("a red mug", "", "drawing a new picture"),
    Case("make it navy", "v3", "editing v3", head=3),
    Case("4x", "v3", "enlarging v3", head=3),
    Case("transparent", "v3", "cutting out v3", head=3),
    Case("variations", "v3", "drawing variations of v3", head=3),
    Case("again", "v3", "trying again from v3", head=3),
    # replied to, or chosen
    Case("make it navy", "v1", "editing v1", head=3, chosen=1),
    Case("transparent", "v2", "cutting out v2", head=3, chosen=2),
    Case("make it navy", "v2", "editing v2 with 1 reference", head=3, chosen=2, attached=1,
         references=(1,)),
    Case("put this logo on the mug", "v1", "editing v1 with 1 reference", head=3, chosen=1,
         attached=1, references=(1,)),
    Case("", "v2", "looking at v2", head=3, chosen=2),
    # named in the words
    Case("edit v2: make it navy", "v2", "editing v2", head=3),
    Case("make v2 navy", "v2", "editing v2", head=3, chosen=1),
    Case("upscale v2 4x", "v2", "enlarging v2 with 1 reference", head=3, attached=1,
         references=(1,)),
    Case("use v1, then make it navy", "", "going to v1", head=3, chosen=2),
    # one attachment
    Case("make it navy", "picture 1", "editing your picture 1.png", attached=1),
    Case("make it navy", "picture 1", "editing your picture 1.png", head=3, attached=1),
    Case("4x", "picture 1", "enlarging your picture 1.png", head=3, attached=1),
    Case("put the logo on the attached mug", "picture 1", "editing your picture 1.png", head=3,
         attached=1),
    Case("remove the dog from this photo", "picture 1", "editing your picture 1.png", head=3,
         attached=1),
    Case("put the text on top of this photo", "picture 1", "editing your picture 1.png", head=3,
         attached=1),
    Case("make the sky of this photo darker", "picture 1", "editing your picture 1.png", head=3,
         attached=1),
    Case("", "picture 1", "looking at your picture 1.png", head=3, attached=1),
    Case("please", "picture 1", "looking at your picture 1.png", attached=1),
    # an attachment that is only taken from
    Case("put this logo on the mug", "v3", "editing v3 with 1 reference", head=3, attached=1,
         references=(1,)),
    Case("put this logo on the mug", "picture 1", "editing your picture 1.png", attached=1),
    Case("add this cat to the sofa", "v3", "editing v3 with 1 reference", head=3, attached=1,
         references=(1,)),
    Case("add the person from this photo", "v3", "editing v3 with 1 reference", head=3,
         attached=1, references=(1,)),
    Case("replace the sky with the sky of this photo", "v3", "editing v3 with 1 reference",
         head=3, attached=1, references=(1,)),
    Case("use this as a style reference", "v3", "editing v3 with 1 reference", head=3,
         attached=1, references=(1,)),
    Case("make it look like the attached", "v3", "editing v3 with 1 reference", head=3,
         attached=1, references=(1,)),
    Case("make it like this", "v3", "editing v3 with 1 reference", head=3, attached=1,
         references=(1,)),
    Case("use the colours of picture 1", "v3", "editing v3 with 1 reference", head=3,
         attached=1, references=(1,)),
    # several attachments
    Case("make it navy", "picture 1", "editing your picture 1.png with 1 reference", attached=2,
         references=(2,)),
    Case("combine these", "picture 1", "editing your picture 1.png with 2 references", head=3,
         attached=3, references=(2, 3)),
    Case("put the logo from 2 on the mug of 1", "picture 1",
         "editing your picture 1.png with 1 reference", attached=2, references=(2,)),
    Case("put the logo from 2 on the mug of 1", "picture 1",
         "editing your picture 1.png with 1 reference", head=3, attached=2, references=(2,)),
    Case("put the logo from 1 on the mug in 2", "picture 2",
         "editing your picture 2.png with 1 reference", attached=2, references=(1,)),
    Case("put the logo of the second picture on the mug of the first picture", "picture 1",
         "editing your picture 1.png with 1 reference", attached=2, references=(2,)),
    Case("replace the sky in 1 with the sky from 2", "picture 1",
         "editing your picture 1.png with 1 reference", head=3, attached=2, references=(2,)),
    Case("make the second picture navy", "picture 2",
         "editing your picture 2.png with 1 reference", attached=2, references=(1,)),
    Case("make picture 3 darker, like picture 1", "picture 3",
         "editing your picture 3.png with 2 references", attached=3, references=(1, 2)),
    Case("crop the second picture to 4:5", "picture 2",
         "editing your picture 2.png with 1 reference", attached=2, references=(1,)),
    Case("upscale picture 2 4x", "picture 2", "enlarging your picture 2.png with 1 reference",
         attached=2, references=(1,)),
    Case("put the logo from 1 and the text from 2 on it", "v3", "editing v3 with 2 references",
         head=3, attached=2, references=(1, 2)),
    Case("make the mug navy with GPT Image 2", "picture 1",
         "editing your picture 1.png with 1 reference", attached=2, references=(2,)),
    Case("add 2 lemons", "picture 1", "editing your picture 1.png with 1 reference", attached=2,
         references=(2,)),
    Case("", "picture 1", "looking at your picture 1.png with 1 reference", attached=2,
         references=(2,)),
    # a new picture has no subject
    Case("new picture: a fox", "", "drawing a new picture with 1 reference", head=3, attached=1,
         references=(1,)),
    Case("generate a poster about tea", "", "drawing a new picture with 2 references", attached=2,
         references=(1, 2)),
    # moves in the thread need no picture
    Case("undo", "", "undoing", head=3, attached=1),
    Case("redo", "", "redoing", head=3),
    Case("back to v1", "", "going to v1", head=3, chosen=2),
    Case("show versions", "", "showing the versions", head=3),
    Case("show v2 here", "", "showing v2", head=3, chosen=1),
    Case("recap", "", "putting all versions on a sheet", head=3, attached=1),
    Case("which model for a logo?", "", "looking at the models", head=3, attached=1),
)  # fmt: skip
