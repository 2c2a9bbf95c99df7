extension OpenAPI {
  static let components = """
    "securitySchemes": {
      "key": { "type": "http", "scheme": "bearer", "bearerFormat": "ID.SECRET" }
    },
    "responses": {\(responses)},
    "schemas": {\(requestSchemas),\(answerSchemas),\(reportSchemas)}
    """

  private static let responses = #"""
    "Problem": {
      "description": "Why not, with a code that stays the same between versions.",
      "content": {
        "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
      }
    },
    "Unauthenticated": {
      "description": "There is no valid key.",
      "headers": { "WWW-Authenticate": { "schema": { "const": "Bearer" } } },
      "content": {
        "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
      }
    },
    "WrongMethod": {
      "description": "The path takes other methods.",
      "headers": { "Allow": { "schema": { "type": "string" } } },
      "content": {
        "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
      }
    },
    "Later": {
      "description": "The same request may be sent again after Retry-After seconds.",
      "headers": { "Retry-After": { "schema": { "type": "integer", "minimum": 1 } } },
      "content": {
        "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
      }
    }
    """#

  private static let reportSchemas = #"""
    "Problem": {
      "type": "object", "additionalProperties": false,
      "required": ["type", "title", "status", "code", "detail", "request"],
      "properties": {
        "type": { "const": "about:blank" },
        "title": { "type": "string" },
        "status": { "type": "integer", "minimum": 400, "maximum": 599 },
        "code": { "type": "string", "pattern": "^[a-z_]+$" },
        "detail": { "type": "string" },
        "request": { "type": "string", "description": "The request's number in the log." }
      }
    },
    "State": {
      "type": "object", "additionalProperties": false, "required": ["status"],
      "properties": { "status": { "enum": ["ok", "ready"] } }
    },
    "Receipt": {
      "type": "object", "additionalProperties": false,
      "required": [
        "batch_id", "profile", "epoch", "accepted", "quarantined", "refused", "duplicate",
        "place", "problems"
      ],
      "properties": {
        "batch_id": { "type": "string" },
        "profile": { "type": "string" },
        "epoch": { "type": "integer" },
        "accepted": { "$ref": "#/components/schemas/Count" },
        "quarantined": { "$ref": "#/components/schemas/Count" },
        "refused": { "$ref": "#/components/schemas/Count" },
        "duplicate": { "type": "boolean", "description": "The batch was there already." },
        "place": {
          "type": "object", "additionalProperties": false,
          "required": ["part", "offset", "bytes", "sha256"],
          "properties": {
            "part": { "type": "string" },
            "offset": { "$ref": "#/components/schemas/Count" },
            "bytes": { "$ref": "#/components/schemas/Count" },
            "sha256": { "$ref": "#/components/schemas/Digest" }
          }
        },
        "problems": {
          "type": "array", "maxItems": 100,
          "items": {
            "type": "object", "additionalProperties": false,
            "required": ["line", "reason", "detail"],
            "properties": {
              "line": { "type": "integer", "minimum": 1 },
              "reason": { "type": "string" },
              "detail": { "type": "string" }
            }
          }
        }
      }
    },
    "Reload": {
      "type": "object", "additionalProperties": false,
      "required": ["generation", "changed", "keys", "profiles", "candidate"],
      "properties": {
        "generation": { "type": "integer", "minimum": 1 },
        "changed": { "type": "boolean" },
        "keys": { "oneOf": [{ "$ref": "#/components/schemas/Count" }, { "type": "null" }] },
        "profiles": { "$ref": "#/components/schemas/Identities" },
        "candidate": {
          "oneOf": [{ "$ref": "#/components/schemas/Identities" }, { "type": "null" }]
        }
      }
    },
    "Shadow": {
      "type": "object", "additionalProperties": false,
      "required": ["candidate", "requests", "nodes", "flips", "reasons", "latest"],
      "properties": {
        "candidate": {
          "oneOf": [{ "$ref": "#/components/schemas/Identities" }, { "type": "null" }]
        },
        "requests": {
          "type": "object", "additionalProperties": false, "required": ["mirrored", "dropped"],
          "properties": {
            "mirrored": { "$ref": "#/components/schemas/Count" },
            "dropped": { "$ref": "#/components/schemas/Count" }
          }
        },
        "nodes": { "$ref": "#/components/schemas/Counts" },
        "flips": {
          "type": "array",
          "items": {
            "type": "object", "additionalProperties": false,
            "required": ["profile", "from", "to", "nodes"],
            "properties": {
              "profile": { "type": "string" },
              "from": { "$ref": "#/components/schemas/Outcome" },
              "to": { "$ref": "#/components/schemas/Outcome" },
              "nodes": { "type": "integer", "minimum": 1 }
            }
          }
        },
        "reasons": {
          "type": "object", "additionalProperties": false, "required": ["gained", "lost"],
          "properties": {
            "gained": { "$ref": "#/components/schemas/Counts" },
            "lost": { "$ref": "#/components/schemas/Counts" }
          }
        },
        "latest": {
          "type": "array", "maxItems": 100,
          "items": {
            "type": "object", "additionalProperties": false,
            "required": [
              "request_id", "caller", "epoch", "item_id", "profile", "node", "active",
              "candidate"
            ],
            "properties": {
              "request_id": { "type": "string" },
              "caller": { "type": "string" },
              "epoch": { "type": "integer" },
              "item_id": { "type": "string" },
              "profile": { "type": "string" },
              "node": { "type": "string" },
              "active": { "$ref": "#/components/schemas/ShortVerdict" },
              "candidate": { "$ref": "#/components/schemas/ShortVerdict" }
            }
          }
        }
      }
    },
    "ShortVerdict": {
      "type": "object", "additionalProperties": false,
      "required": ["outcome", "score_ppm", "q_ppb", "reasons"],
      "properties": {
        "outcome": { "$ref": "#/components/schemas/Outcome" },
        "score_ppm": { "$ref": "#/components/schemas/Count" },
        "q_ppb": { "$ref": "#/components/schemas/Count" },
        "reasons": { "type": "array", "items": { "type": "string" } }
      }
    },
    "Counts": {
      "type": "object", "additionalProperties": { "type": "integer", "minimum": 1 }
    }
    """#
}
