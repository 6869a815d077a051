#!/usr/bin/env python3
"""What `assay cluster` would cost, from measured rates: prints the table of docs/cluster.md.

    bench/cluster/cost.py [--workers 64] [--price 0.04] [--efficiency 0.95] …

Every rate is of one core; --help lists them with where they come from. Time is driver + pieces / (workers × efficiency),
and whatever the driver alone must do sets a floor. Money is workers × hours × price of a core hour.
"""

import argparse


def hours(seconds):
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.0f} min"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--workers", type=int, default=64, help="executors of one core")
    add("--price", type=float, default=0.04, help="of one core hour with 4 GB, in dollars (an assumption: yours differs)")
    add("--efficiency", type=float, default=0.95, help="share of their time that workers have a piece")
    add("--candidates", type=float, default=1e9)
    add("--look", type=float, default=188, help="candidates looked at a second (docs/log/2026-11-26-memory-flat-…)")
    add("--supply", type=float, default=30000, help="lines a second the driver reads, tokenizes and tells apart")
    add("--keep", type=int, default=10000, help="of them, run exactly and added")
    add("--sketch", type=float, default=2.5, help="seconds of one prompt run exactly on the search split")
    add("--adapters", type=float, default=1e4)
    add("--explain", type=float, default=120, help="seconds of one adapter: `seconds` of census.jsonl on one core")
    add("--start", type=float, default=90, help="seconds until every executor has jar, model and dictionary")
    options = parser.parse_args()
    busy = options.workers * options.efficiency
    rows = []
    look = max(options.candidates / (options.look * busy), options.candidates / options.supply)
    seconds = options.start + look + options.keep * options.sketch / busy
    # A candidate goes out as text and token ids, some 150 bytes; of what comes back the few on the short list count.
    rows.append((f"extend by the best {options.keep:,} of {options.candidates:.0e} candidates", seconds, options.candidates * 150))
    seconds = options.start + options.adapters * options.explain / busy
    # A row with its sketch is some 8 kB.
    rows.append((f"census of {options.adapters:.0e} adapters", seconds, options.adapters * 8e3))
    print(f"| on {options.workers} workers of one core | time | money, at ${options.price} a core hour | driver's network |")
    print("|---|---|---|---|")
    jars = options.workers * 170e6
    for what, seconds, sent in rows:
        money = options.workers * seconds / 3600 * options.price
        total = (sent + jars) / 1e9
        print(f"| {what} | {hours(seconds)} | ${money:,.0f} | {total:,.0f} GB, {sent / seconds / 1e6:.2f} MB/s |")


if __name__ == "__main__":
    main()
