"""The support that exists: who provides it, where, for whom, with how much room; and what was missing."""

from directory.models.imports import FeedQuirk, FeedReading, FeedService
from directory.models.offers import OfferChange, SupportOffer
from directory.models.providers import Feed, Location, ProviderProfile
from directory.models.sheets import Sheet
from directory.models.stock import Stock, StockMovement
from directory.models.unmet import UnmetNeed

__all__ = [
    "Feed",
    "FeedQuirk",
    "FeedReading",
    "FeedService",
    "Location",
    "OfferChange",
    "ProviderProfile",
    "Sheet",
    "Stock",
    "StockMovement",
    "SupportOffer",
    "UnmetNeed",
]
