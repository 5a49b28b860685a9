"""The development index (人社高质量发展指数): five dimensions, open weights, every point traceable to its rows.

Serves leaders, planners and the counties that are compared. Basis: 衢发改发〔2021〕27号 五（五）3, which names the five
dimensions; weights and goalposts are data of the city (index.yaml), dated and sourced. Nouns: scheme, dimension, measure,
goalposts, points, composite, swing, doubt.
"""
