"""What the made-up company sells: categories, products, prices, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]


def _words(text: str) -> list[str]:
    return text.split()


# category: price band in cents, what is sold in it
CATEGORIES: dict[str, tuple[int, int, str]] = {
    "Coffee": (699, 2499, "Espresso_Beans Filter_Roast Cold_Brew Decaf_Beans Coffee_Grinder Paper_Filters Moka_Pot Travel_Mug "
               "Milk_Frother Coffee_Scale"),
    "Tea": (399, 1999, "Breakfast_Tea Green_Tea Rooibos Chamomile Earl_Grey Teapot Tea_Strainer Tea_Tin Mint_Tea White_Tea"),
    "Baking": (299, 3999, "Bread_Flour Baking_Tin Rolling_Pin Dough_Scraper Yeast Cake_Stand Piping_Set Proofing_Basket "
               "Vanilla_Extract Muffin_Tray"),
    "Cooking": (499, 8999, "Chef_Knife Cutting_Board Saucepan Skillet Olive_Oil Pepper_Mill Colander Oven_Gloves Spice_Set "
                "Ladle"),
    "Garden": (249, 6999, "Tomato_Seeds Watering_Can Pruning_Shears Potting_Soil Plant_Pot Trowel Bird_Feeder Lavender_Seeds "
               "Garden_Gloves Seed_Tray"),
    "Cycling": (599, 9999, "Chain_Oil Bike_Lock Inner_Tube Tyre_Pump Cycling_Gloves Rear_Light Front_Light Water_Bottle "
                "Saddle_Bag Repair_Kit"),
    "Running": (799, 12999, "Running_Shoes Running_Socks Head_Torch Hydration_Belt Running_Cap Foam_Roller Energy_Gel "
                "Reflective_Vest Arm_Band Insoles"),
    "Reading": (499, 2999, "Mystery_Novel Travel_Guide Cookbook Poetry_Book History_Book Book_Light Bookmark_Set Notebook "
                "Reading_Glasses Book_Stand"),
    "Pets": (399, 5999, "Dog_Food Cat_Food Dog_Treats Cat_Litter Dog_Lead Cat_Toy Pet_Bed Food_Bowl Flea_Comb Bird_Seed"),
    "Baby": (299, 4999, "Nappies Baby_Wipes Baby_Lotion Teething_Ring Bib_Set Baby_Blanket Bottle_Set Soft_Toy Bath_Thermometer "
             "Night_Light"),
    "Crafts": (199, 3499, "Merino_Yarn Knitting_Needles Sketchbook Watercolours Brush_Set Sewing_Kit Embroidery_Hoop Glue_Gun "
               "Craft_Paper Quilting_Fabric"),
    "Office": (149, 7999, "Fountain_Pen Ink_Bottle Desk_Lamp Paper_Ream Stapler Desk_Organiser Planner Sticky_Notes "
               "Monitor_Stand Mouse_Pad"),
}  # fmt: skip
BRANDS = _words(
    "Amberly Brightwell Copperleaf Driftwood Everfield Foxmoor Goldcrest Highmark Ironvale Junoway Kindling Larkspur Mossbank "
    "Northbrook Oldharbor Pinecone Quillon Riverstone Saltbox Tidewater Umberline Valemont Willowby Xanthe Yarrowden Zestway"
)
# Things one needs together: what, and what is added to the same basket with the chance below.
COMPLEMENTS = (
    ("Espresso Beans", "Coffee Grinder"), ("Filter Roast", "Paper Filters"), ("Breakfast Tea", "Tea Strainer"),
    ("Green Tea", "Teapot"), ("Bread Flour", "Yeast"), ("Piping Set", "Cake Stand"), ("Chef Knife", "Cutting Board"),
    ("Tomato Seeds", "Potting Soil"), ("Bike Lock", "Rear Light"), ("Inner Tube", "Tyre Pump"),
    ("Running Shoes", "Running Socks"), ("Mystery Novel", "Book Light"), ("Dog Food", "Dog Treats"), ("Cat Food", "Cat Litter"),
    ("Nappies", "Baby Wipes"), ("Merino Yarn", "Knitting Needles"), ("Watercolours", "Brush Set"), ("Fountain Pen", "Ink Bottle"),
)  # fmt: skip
TOGETHER = 0.35


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products in columns; product p of category c is number `c * size + p`, the best seller of a category first."""

    table: pa.Table  # sku, name, category, brand, price (cents)
    size: int  # products in each category
    price: Ints
    complement: Ints  # the number of the product that goes with it, or -1


def catalogue(size: int, dice: np.random.Generator) -> Catalogue:
    """A catalogue with `size` products in each category; a thing comes in several brands."""
    words = {name: [word.replace("_", " ") for word in text.split()] for name, (_, _, text) in CATEGORIES.items()}
    place = np.arange(size)
    names, brands, price = [], [], []
    for number, (category, (low, high, _)) in enumerate(CATEGORIES.items()):
        thing = np.array(words[category])[place % len(words[category])]
        brand = np.array(BRANDS)[(number * 5 + place // len(words[category]) * 7 + place) % len(BRANDS)]
        names.append(thing)
        brands.append(brand)
        drawn = np.exp(dice.uniform(np.log(low), np.log(high), size)).astype(np.int64)
        price.append(drawn // 50 * 50 + 49)
    thing, brand = np.concatenate(names), np.concatenate(brands)
    prices = np.concatenate(price)
    kinds = np.repeat(np.array(list(CATEGORIES)), size)
    table = pa.table(
        {
            "number": np.arange(len(thing)),
            "sku": pa.array([f"{kind[:3].upper()}-{number:05d}" for number, kind in enumerate(kinds)]),
            "name": pa.array([f"{maker} {what}" for maker, what in zip(brand, thing, strict=True)]),
            "category": pa.array(kinds),
            "brand": pa.array(brand),
            "price": prices,
        }
    )
    return Catalogue(table, size, prices, _complements(thing))


def _complements(thing: npt.NDArray[np.str_]) -> Ints:
    found = np.full(len(thing), -1)
    first = {str(name): int(place) for place, name in reversed(list(enumerate(thing)))}
    for main, extra in COMPLEMENTS:
        found[thing == main] = first[extra]
    return found
