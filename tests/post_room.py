"""The settings of a workspace with nothing but a folder of letters, for tests that bring their own night."""

CONFIG = """
company = "A"
[[source]]
name = "post"
channel = "letter"
kind = "letters"
path = "letters"
"""
