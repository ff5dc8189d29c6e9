"""Where the made-up people live: towns of two countries with their postcodes, and streets. None of the addresses exists."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


# name, region, country, first part of the postcode. US towns complete it with two digits, British ones with "1AA" to "9ZZ".
TOWNS: tuple[tuple[str, str, str, str], ...] = tuple(
    (name.replace("_", " "), region, country, code)
    for name, region, country, code in (
        line.split()
        for line in """
Alder_Falls OR US 970
Amberton WA US 981
Birchmere MN US 554
Bluff_Harbor ME US 041
Cedar_Hollow OH US 432
Copper_Ridge AZ US 857
Dunmore_Springs CO US 805
Eastlake_Junction MI US 483
Fernhill PA US 191
Granite_Point NH US 031
Harrow_Bend TX US 787
Iron_Creek MT US 598
Juniper_City NV US 891
Kestrel_Bay CA US 941
Lantern_Hill MA US 021
Maplewick VT US 054
North_Willow WI US 537
Orchard_Grove NY US 112
Prairie_Cross KS US 672
Quarry_Heights IN US 462
Redstone_Valley UT US 841
Saltmarsh SC US 294
Three_Pines GA US 303
Upper_Sable IL US 606
Violet_Springs FL US 331
Westering NC US 275
Yarrow TN US 372
Zephyr_Cove CA US 902
Ashcombe_Regis Dorset GB DT7
Brackenford Devon GB EX9
Castle_Wharton Norfolk GB NR8
Dunleigh Fife GB KY6
Elmsby Kent GB CT4
Fosseworth Somerset GB BA5
Grindlow Derbyshire GB DE6
Holmby_Cross Yorkshire GB YO7
Inverdour Highland GB IV3
Llanfelyn Powys GB LD2
""".strip().splitlines()
    )
)

STREETS: tuple[str, ...] = tuple(
    word.replace("_", " ")
    for word in _words(
        "Acorn Alder Amber Applegate Aspen Badger Bakehouse Barley Beacon Bellflower Birdsong Bluebell Bracken Bramble Briar "
        "Brickworks Bridge Buttercup Canal Candlewick Cartwright Cedar Chapel Cherry Chestnut Clover Cobbler Coldwater "
        "Copperfield Cotton Cowslip Cricket Crossway Dairy Damson Dovecote Drover Dyer Eagle Eastgate Elder Fairview Falcon "
        "Farrier Fern Ferry Fiddler Finch Flint Forge Foundry Foxglove Garnet Gatehouse Glover Goldfinch Grange Greenway "
        "Hanover Harbour Harvest Hawthorn Heather Heron Hickory Hillcrest Hollow Honeysuckle Hopfield Ivy Jasmine Jubilee "
        "Juniper Kestrel Kiln Kingfisher Lakeview Lantern Larch Lavender Lighthouse Linden Lockkeeper Magnolia Maltings "
        "Marigold Market Meadow Mill Millrace Mission Mulberry Nightingale Northgate Nutmeg Oakfield Old_Mill Orchard Osprey "
        "Otter Paddock Partridge Pasture Pebble Peregrine Pheasant Pine Plum Poplar Primrose Quail Quarry Quince Rectory "
        "Redwood Ridge River Robin Rosemary Rowan Saddler Saffron Sandpiper School Shepherd Silver Skylark Smithy Sparrow "
        "Spring Station Stonebridge Summit Sunset Swallow Sycamore Tanner Thistle Thyme Tollgate Trinity Turnpike Valley "
        "Vineyard Wagon Walnut Warren Watermill Weaver Wharf Wheelwright Whitethorn Wildflower Willow Windmill Woodland Wren Yew"
    )
)
STREET_TYPES = ("Street", "Avenue", "Road", "Lane", "Drive", "Court", "Place", "Way")
STREET_SHORT = ("St", "Ave", "Rd", "Ln", "Dr", "Ct", "Pl", "Way")

# Phones. US: real area codes with the exchange 555, first 0100 to 0199 (kept for fiction), then the rest of that exchange, which
# is hardly used. GB: the numbers Ofcom keeps for drama (496 0xxx), then the rest of 496. Libraries take them as valid.
US_AREAS = tuple(
    int(code)
    for code in _words(
        "201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 "
        "256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 330 "
        "334 336 337 339 347 351 352 360 361 385 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 430 432 "
        "434 435 440 443 469 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 540 541 551 559 "
        "561 562 563 567 570 571 573 574 580 585 586 601 602 603 605 606 607 608 609 610 612 614 615 616 617 618 619 620 623 626"
    )
)
GB_AREAS = (113, 114, 116, 117, 118, 121, 131, 141, 151, 161)
