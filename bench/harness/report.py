"""One table, and the goals under it, as Markdown that reads well in a terminal."""

TITLES = {
    "static": "nginx alone, 27 bytes of JSON",
    "static model": "nginx alone, the bytes of one model",
    "static list": "nginx alone, the bytes of the list",
    "health": "GET /api/health",
    "get": "GET /api/models/{id}, of 10,000",
    "get uncounted": "the same, counting switched off",
    "list 10k": "GET /api/models?limit=50, of 10,000",
    "list 10k deep": "the same at 20 depths",
    "list 100": "GET /api/models?limit=50, of 100",
    "list large deep": "GET /api/models?limit=50, large catalog, 20 depths",
    "stats": "GET /api/stats",
    "queue": "GET /api/downloads?status=active",
    "flask 10": "Flask and a JSON file, one of 10 models",
    "flask 10k": "Flask and a JSON file, one of 10,000 models",
    "gunicorn empty": "gunicorn with 2 workers, a route that does nothing",
    "stats, one client": "GET /api/stats over 10 million events, one client",
    "stats, 32 clients": "the same, 32 clients",
}


def aligned(head, rows):
    """A Markdown table whose columns line up."""
    cells = [head] + rows
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["| " + " | ".join(text.ljust(width) if i == 0 else text.rjust(width)
                               for i, (text, width) in enumerate(zip(row, widths))) + " |" for row in cells]
    rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":"
                          for i, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule] + lines[1:])


def _row(row, base):
    if any(one.empty for one in row.figures):
        return [TITLES.get(row.name, row.name) + " (a round without an answer: not measured)", *["-"] * 5,
                str(row.errors())]
    return [TITLES.get(row.name, row.name), f"{row.median('per_second'):,.0f}",
            f"{row.ratio_to(base):.4f}" if row.ratio_to(base) < 0.01 else f"{row.ratio_to(base):.2f}",
            f"{row.median('p50_ms'):.2f}", f"{row.median('p99_ms'):.2f}", f"{row.median('cpu_us'):,.0f}",
            str(row.errors())]


def table(rows, peers):
    head = ["what", "req/s", "ratio", "p50 ms", "p99 ms", "CPU us/req", "errors"]
    lines = [_row(row, rows["static"]) for row in rows.values()]
    lines += [_row(row, peers["static"]) for name, row in peers.items() if name not in ("static", "get")]
    return aligned(head, lines)


def goals_table(judged):
    return aligned(["goal", "target", "measured", "verdict"],
                   [[f"{goal.number}: {goal.what}", goal.target, goal.value, goal.verdict] for goal in judged])


def document(facts, given, rows_table, judged, idle, starving, events):
    short = sum(goal.verdict == "short" for goal in judged)
    parts = ["# HTTP: how fast the service answers\n",
             "Made by `bench/http_bench.py`. One wrk thread, 32 connections, on the machine it measures, "
             f"{given.rounds} interleaved rounds of {given.seconds} s a row; figures are medians, *ratio* is the "
             "median of the ratios to nginx's 27 bytes within a round. *CPU* is user and system time of all "
             "processes of the one who answers, nginx included. Use is recorded unless a row says otherwise. Only "
             f"ratios mean anything. The large catalog has {given.large:,} models.\n",
             aligned(["machine", ""], [[name, value] for name, value in facts]) + "\n",
             rows_table + "\n", f"{len(judged) - short} goals reached, {short} short:\n", goals_table(judged) + "\n",
             f"Idle: {idle['pss_mib']:.1f} MiB PSS, nginx {idle['nginx_mib']:.1f} MiB more; first answer "
             f"{idle['start_s']:.2f} s after the start.\n",
             f"Slowest of 100 spaced requests: {starving['spaced']['slowest_ms']:.1f} ms.\n"]
    if events:
        rows = events["rows"]
        first = next(iter(rows.values()))
        parts.append(aligned(["what", "req/s", "ratio to one client", "p50 ms", "p99 ms", "CPU us/req", "errors"],
                             [_row(row, first) for row in rows.values()]) + "\n")
    return "\n".join(parts)
