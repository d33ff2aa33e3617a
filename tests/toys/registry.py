"""The service with everything that tests alone know of: two aggregates, a read model, a source and
a channel. Each is its own folder and one line here.
"""

from adapters.products.kit.products import Products
from adapters.products.registry import CHANNELS, SOURCES
from adapters.registry import Registry
from domain.registry import AGGREGATES
from support.toy_products import CHANNEL, SOURCE
from toys.lamp.aggregate import LAMP
from toys.lamp.read_model import LAMPS_MODEL
from toys.ticket.aggregate import TICKET

TOYS = Registry(
    aggregates=(*AGGREGATES, TICKET, LAMP),
    more_read_models=(LAMPS_MODEL,),
    products=Products((*SOURCES, SOURCE), (*CHANNELS, CHANNEL)),
)
