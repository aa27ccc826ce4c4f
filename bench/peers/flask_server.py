#!/usr/bin/env python3
"""The kind of server that Modelkeep takes the place of, for comparison: Flask over one JSON file.

Each request loads the file, appends a usage record (the last 1,000 are kept) and writes the file
again, all under one lock of the process. Answers have the same fields as ours.

  flask_server.py --port 0 --models 10      # prints the port it listens on
  gunicorn 'flask_server:create_empty()'    # a route that does nothing at all
"""
import argparse
import json
import os
import tempfile
import threading
import time

from flask import Flask, jsonify, request

USAGE_KEPT = 1000


class Database:
    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()

    def use(self, action, model_id=None):
        """Loads, records who asked, saves; what was loaded."""
        with self.lock:
            with open(self.path, encoding="utf-8") as file:
                data = json.load(file)
            data["usage"].append({
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "action": action,
                "model_id": model_id,
                "username": request.headers.get("X-Username", "anonymous"),
                "ip_address": request.remote_addr,
            })
            data["usage"] = data["usage"][-USAGE_KEPT:]
            data["total_requests"] += 1
            model = data["models"].get(model_id)
            if model:
                model["stats"]["access_count"] += 1
                model["stats"]["total_requests"] += 1
            with open(self.path, "w", encoding="utf-8") as file:
                json.dump(data, file)
            return data


def seed(path, count):
    models = {}
    for number in range(count):
        model_id = f"org{number % 97}_model-{number:06d}"
        models[model_id] = {
            "id": model_id,
            "name": model_id.replace("_", "/", 1),
            "size_bytes": 1_000_000 + number,
            "status": "ready",
            "path": f"/mnt/models/{model_id}",
            "downloaded_by": "john",
            "downloaded_at": "2026-01-22T10:30:00Z",
            "stats": {"download_count": 1, "access_count": 0, "total_requests": 1,
                      "first_downloaded_by": "john", "first_downloaded_from": "192.168.1.100"},
        }
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"models": models, "usage": [], "total_requests": 0}, file)
    return list(models)


def create(path):
    app = Flask(__name__)
    database = Database(path)

    @app.get("/api/models")
    def list_models():
        data = database.use("list")
        return jsonify(success=True, models=list(data["models"].values()))

    @app.get("/api/models/<model_id>")
    def get_model(model_id):
        data = database.use("get", model_id)
        model = data["models"].get(model_id)
        if not model:
            return jsonify(success=False, error="Model not found"), 404
        return jsonify(success=True, model=model)

    @app.get("/api/health")
    def health():
        return jsonify(success=True, status="healthy", mount_point="/mnt/models")

    return app


def create_empty():
    app = Flask(__name__)

    @app.get("/api/health")
    def health():
        return jsonify(success=True, status="healthy", mount_point="/mnt/models")

    return app


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--models", type=int, default=10)
    arguments = parser.parse_args()
    path = os.path.join(tempfile.mkdtemp(prefix="modelkeep-flask-"), "models_db.json")
    seed(path, arguments.models)
    create(path).run(host="127.0.0.1", port=arguments.port, threaded=True)


if __name__ == "__main__":
    main()
