"""Streets: to come."""
def streets_of(*a):
    return {"code":[], "x":[], "y":[]}, {k:[] for k in ("first","second","length","lanes","capacity","speed","level")}
