"""Every right of every person: policies judged over the columnar city, range by range; drafts of law weighed beforehand.

`facts` says which inputs of a policy are read from which columns, and what is lacking; `judging` applies a law to a frame;
`running` does the nightly sweep and publishes it in one step; `summing` counts its results; `weighing` compares the law with
a draft of it.
"""
