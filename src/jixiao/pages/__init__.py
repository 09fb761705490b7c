"""The page of a round as one HTML file that loads nothing from outside."""

from jixiao.pages.rendering import render
from jixiao.pages.views import packed

__all__ = ["packed", "render"]
