extension OpenAPI {
  static let requestSchemas = #"""
    "VerifyRequest": {
      "type": "object", "additionalProperties": false,
      "required": ["api_version", "request_id", "epoch", "items"],
      "properties": {
        "api_version": { "const": "depin.verifier.v1" },
        "request_id": {
          "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[ -~]+$",
          "description": "Of the caller's choice, unique for each content."
        },
        "epoch": {
          "type": "integer", "minimum": 0,
          "description": "Days since 1970-01-01; records of other days are left out and counted."
        },
        "as_of": {
          "type": ["integer", "null"], "minimum": 0,
          "description": "Milliseconds since 1970-01-01; later records are left out and counted."
        },
        "mode": {
          "enum": ["ENFORCE", "SHADOW", null],
          "description": "ENFORCE by default. SHADOW is answered by the candidate, never paid on."
        },
        "deadline_ms": { "type": ["integer", "null"], "minimum": 1 },
        "items": {
          "type": "array", "minItems": 1,
          "items": { "$ref": "#/components/schemas/Item" }
        }
      }
    },
    "Item": {
      "type": "object", "additionalProperties": false,
      "required": ["item_id", "profile", "records"],
      "properties": {
        "item_id": { "type": "string", "minLength": 1, "maxLength": 256 },
        "profile": { "type": "string" },
        "records": {
          "type": "array",
          "description": "Records of one or more nodes, as a contribution log has them.",
          "items": {
            "type": "object", "required": ["ts", "node", "kind"],
            "properties": {
              "ts": { "type": ["integer", "string"] },
              "node": { "type": "string" },
              "kind": { "type": "string" }
            }
          }
        }
      }
    }
    """#

  static let answerSchemas = #"""
    "VerifyResponse": {
      "type": "object", "additionalProperties": false,
      "required": [
        "api_version", "request_id", "mode", "epoch", "as_of", "verifier", "profiles",
        "results", "result_digest"
      ],
      "properties": {
        "api_version": { "const": "depin.verifier.v1" },
        "request_id": { "type": "string" },
        "mode": { "enum": ["ENFORCE", "SHADOW"] },
        "epoch": { "type": "integer" },
        "as_of": { "type": ["integer", "null"] },
        "verifier": {
          "type": "object", "additionalProperties": false, "required": ["name", "version"],
          "properties": { "name": { "type": "string" }, "version": { "type": "string" } }
        },
        "profiles": { "$ref": "#/components/schemas/Identities" },
        "results": {
          "type": "array", "minItems": 1,
          "items": { "$ref": "#/components/schemas/Result" }
        },
        "result_digest": {
          "$ref": "#/components/schemas/Digest",
          "description": "SHA-256 of this answer (RFC 8785) without request_id, result_digest."
        }
      }
    },
    "Result": {
      "type": "object", "additionalProperties": false,
      "required": ["item_id", "status", "outcome", "nodes", "counts", "quarantined"],
      "properties": {
        "item_id": { "type": "string" },
        "status": { "enum": ["OK", "TRANSIENT", "INVALID_INPUT", "UNSUPPORTED"] },
        "outcome": {
          "oneOf": [{ "$ref": "#/components/schemas/Outcome" }, { "type": "null" }],
          "description": "The worst of its nodes; null unless the status is OK."
        },
        "message": { "type": "string" },
        "nodes": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } },
        "counts": {
          "type": "object", "additionalProperties": false,
          "required": ["used", "duplicate", "quarantined", "other_epochs", "later_than_as_of"],
          "properties": {
            "used": { "$ref": "#/components/schemas/Count" },
            "duplicate": { "$ref": "#/components/schemas/Count" },
            "quarantined": { "$ref": "#/components/schemas/Count" },
            "other_epochs": { "$ref": "#/components/schemas/Count" },
            "later_than_as_of": { "$ref": "#/components/schemas/Count" }
          }
        },
        "quarantined": {
          "type": "array",
          "items": {
            "type": "object", "additionalProperties": false,
            "required": ["index", "reason", "detail"],
            "properties": {
              "index": { "$ref": "#/components/schemas/Count" },
              "reason": { "type": "string" },
              "detail": { "type": "string" }
            }
          }
        }
      },
      "if": { "properties": { "status": { "const": "OK" } } },
      "then": { "properties": { "outcome": { "type": "string" } } },
      "else": { "properties": { "outcome": { "type": "null" } }, "required": ["message"] }
    },
    "Outcome": { "enum": ["PASS", "FLAG", "FAIL", "ABSTAIN"] },
    "Node": {
      "type": "object", "additionalProperties": false,
      "required": [
        "node", "verdict", "outcome", "score_ppm", "raw_micro", "p_ppb", "q_ppb",
        "units_micro", "group", "evidence", "reasons"
      ],
      "properties": {
        "node": { "type": "string" },
        "verdict": { "enum": ["accept", "hold", "reject", "abstain"] },
        "outcome": { "$ref": "#/components/schemas/Outcome" },
        "score_ppm": { "type": "integer", "minimum": 0, "maximum": 1000000 },
        "raw_micro": { "type": "integer" },
        "p_ppb": { "type": "integer", "minimum": 0, "maximum": 1000000000 },
        "q_ppb": { "type": "integer", "minimum": 0, "maximum": 1000000000 },
        "units_micro": { "$ref": "#/components/schemas/Count" },
        "group": { "type": "string" },
        "evidence": { "$ref": "#/components/schemas/Digest" },
        "reasons": { "type": "array", "items": { "$ref": "#/components/schemas/Reason" } }
      }
    },
    "Reason": {
      "type": "object", "additionalProperties": false,
      "required": ["code", "class", "share_ppm"],
      "properties": {
        "code": { "type": "string" },
        "class": { "$ref": "#/components/schemas/ReasonClass" },
        "share_ppm": { "type": "integer" },
        "feature": { "type": "string" },
        "observed_micro": { "type": "integer" },
        "low_micro": { "type": "integer" },
        "high_micro": { "type": "integer" },
        "unit": { "type": "string" },
        "peers": { "type": "array", "items": { "type": "string" } }
      }
    },
    "ReasonClass": { "enum": ["spoof", "fault", "evidence", "verifier"] },
    "Description": {
      "type": "object", "additionalProperties": false,
      "required": ["name", "version", "api_versions", "determinism", "profiles", "limits"],
      "properties": {
        "name": { "type": "string" },
        "version": { "type": "string" },
        "api_versions": { "type": "array", "items": { "type": "string" } },
        "determinism": { "const": "exact" },
        "profiles": {
          "type": "array", "items": { "$ref": "#/components/schemas/ProfileDescription" }
        },
        "limits": {
          "type": "object", "additionalProperties": false,
          "required": ["max_items", "max_records", "max_bytes", "max_deadline_ms"],
          "properties": {
            "max_items": { "$ref": "#/components/schemas/Count" },
            "max_records": { "$ref": "#/components/schemas/Count" },
            "max_bytes": { "$ref": "#/components/schemas/Count" },
            "max_deadline_ms": { "$ref": "#/components/schemas/Count" }
          }
        }
      }
    },
    "ProfileDescription": {
      "type": "object", "additionalProperties": false,
      "required": ["name", "policy", "model", "rules", "minimum_records", "kinds", "reasons"],
      "properties": {
        "name": { "type": "string" },
        "policy": { "$ref": "#/components/schemas/Digest" },
        "rules": { "$ref": "#/components/schemas/Digest" },
        "model": {
          "oneOf": [
            {
              "type": "object", "additionalProperties": false,
              "required": ["name", "version", "digest"],
              "properties": {
                "name": { "type": "string" },
                "version": { "type": "string" },
                "digest": { "$ref": "#/components/schemas/Digest" }
              }
            },
            { "type": "null" }
          ]
        },
        "minimum_records": { "$ref": "#/components/schemas/Count" },
        "kinds": { "type": "array", "items": { "type": "string" } },
        "reasons": {
          "type": "array",
          "items": {
            "type": "object", "additionalProperties": false,
            "required": ["code", "bit", "class", "severity", "text"],
            "properties": {
              "code": { "type": "string" },
              "bit": { "type": "integer", "minimum": 0, "maximum": 63 },
              "class": { "$ref": "#/components/schemas/ReasonClass" },
              "severity": { "type": "string" },
              "text": { "type": "string" }
            }
          }
        }
      }
    },
    "Identities": {
      "type": "object",
      "description": "Policy, model and rules by profile, as SHA-256.",
      "additionalProperties": {
        "type": "object", "additionalProperties": false, "required": ["policy", "model", "rules"],
        "properties": {
          "policy": { "$ref": "#/components/schemas/Digest" },
          "model": {
            "oneOf": [{ "$ref": "#/components/schemas/Digest" }, { "type": "null" }]
          },
          "rules": { "$ref": "#/components/schemas/Digest" }
        }
      }
    },
    "Digest": { "type": "string", "pattern": "^0x[0-9a-f]{64}$" },
    "Count": { "type": "integer", "minimum": 0 }
    """#
}
