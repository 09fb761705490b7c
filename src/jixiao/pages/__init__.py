"""The page of a round as one HTML file that loads nothing from outside."""

from jixiao.pages.rendering import packed, render

__all__ = ["packed", "render"]
