"""How a journal lies on the disk: plain lines while it is written; packed once a long run has ended.

Everybody else knows only the text of it and places in that text, by ``opened``. What wrote and who reads lines is
not here.
"""
