"""Investment time horizons of net asset values, on a Ray cluster, recorded by Telensic.

    load --> validate --> sleeves (on Ray) --> examination --> selection --> risk.report_meta

Read it in this order: ``__main__`` is the program, ``pipeline`` its stages, ``sleeve`` what a worker does. All the others
are plain arithmetic, which knows nothing of telemetry.
"""
