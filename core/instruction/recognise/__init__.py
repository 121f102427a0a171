"""Recognisers of exact commands, one module a family.

Each is a list of rules; a rule matches a clause as a whole or not at all. What no rule matches is
prose, and prose goes to a model.
"""
