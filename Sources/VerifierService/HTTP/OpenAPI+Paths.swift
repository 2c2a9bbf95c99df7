extension OpenAPI {
  /// Every path with its methods. `HEAD` is answered wherever `GET` is.
  static let paths = #"""
    "/v1/verify": {
      "post": {
        "operationId": "verify",
        "summary": "Judges contributions.",
        "description": "Needs the scope verify. A request_id is for one content: 409.",
        "requestBody": {
          "required": true,
          "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/VerifyRequest" } }
          }
        },
        "responses": {
          "200": {
            "description": "Each item of the request, in its order.",
            "content": {
              "application/json": { "schema": { "$ref": "#/components/schemas/VerifyResponse" } }
            }
          },
          "400": { "$ref": "#/components/responses/Problem" },
          "401": { "$ref": "#/components/responses/Unauthenticated" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" },
          "408": { "$ref": "#/components/responses/Problem" },
          "409": { "$ref": "#/components/responses/Problem" },
          "411": { "$ref": "#/components/responses/Problem" },
          "413": { "$ref": "#/components/responses/Problem" },
          "415": { "$ref": "#/components/responses/Problem" },
          "429": { "$ref": "#/components/responses/Later" },
          "503": { "$ref": "#/components/responses/Later" }
        }
      }
    },
    "/v1/describe": {
      "get": {
        "operationId": "describe",
        "summary": "Says what the verifier is, judges by and takes.",
        "description": "Needs the scope describe.",
        "responses": {
          "200": {
            "description": "The verifier.",
            "content": {
              "application/json": { "schema": { "$ref": "#/components/schemas/Description" } }
            }
          },
          "401": { "$ref": "#/components/responses/Unauthenticated" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" },
          "429": { "$ref": "#/components/responses/Later" }
        }
      }
    },
    "/v1/records": {
      "post": {
        "operationId": "takeRecords",
        "summary": "Appends a batch of records to an epoch's log.",
        "description": "Needs the scope intake. 200 once the batch is on disk.",
        "parameters": [
          {
            "name": "profile", "in": "query", "required": true,
            "schema": { "type": "string" }
          },
          {
            "name": "epoch", "in": "query", "required": true,
            "description": "Days since 1970-01-01.",
            "schema": { "type": "integer" }
          },
          {
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "The batch's id.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 128 }
          }
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/x-ndjson": { "schema": { "type": "string" } },
            "application/ndjson": { "schema": { "type": "string" } }
          }
        },
        "responses": {
          "200": {
            "description": "The receipt.",
            "content": {
              "application/json": { "schema": { "$ref": "#/components/schemas/Receipt" } }
            }
          },
          "400": { "$ref": "#/components/responses/Problem" },
          "401": { "$ref": "#/components/responses/Unauthenticated" },
          "403": { "$ref": "#/components/responses/Problem" },
          "404": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" },
          "408": { "$ref": "#/components/responses/Problem" },
          "409": { "$ref": "#/components/responses/Problem" },
          "411": { "$ref": "#/components/responses/Problem" },
          "413": { "$ref": "#/components/responses/Problem" },
          "415": { "$ref": "#/components/responses/Problem" },
          "429": { "$ref": "#/components/responses/Later" },
          "503": { "$ref": "#/components/responses/Later" }
        }
      }
    },
    "/v1/shadow": {
      "get": {
        "operationId": "shadow",
        "summary": "Says who would flip if the candidate took the active verifier's place.",
        "description": "Needs the scope shadow.",
        "responses": {
          "200": {
            "description": "What was compared since the candidate was loaded.",
            "content": {
              "application/json": { "schema": { "$ref": "#/components/schemas/Shadow" } }
            }
          },
          "401": { "$ref": "#/components/responses/Unauthenticated" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" },
          "429": { "$ref": "#/components/responses/Later" }
        }
      }
    },
    "/v1/reload": {
      "post": {
        "operationId": "reload",
        "summary": "Reads models, policies, keys and certificate anew.",
        "description": "Needs the scope admin. A file that cannot be used changes nothing: 409.",
        "responses": {
          "200": {
            "description": "What is in use now.",
            "content": {
              "application/json": { "schema": { "$ref": "#/components/schemas/Reload" } }
            }
          },
          "401": { "$ref": "#/components/responses/Unauthenticated" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" },
          "409": { "$ref": "#/components/responses/Problem" },
          "429": { "$ref": "#/components/responses/Later" }
        }
      }
    },
    "/v1/openapi.json": {
      "get": {
        "operationId": "openapi", "summary": "This document.", "security": [],
        "responses": {
          "200": {
            "description": "OpenAPI 3.1.",
            "content": { "application/json": { "schema": { "type": "object" } } }
          },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" }
        }
      }
    },
    "/healthz": {
      "get": {
        "operationId": "health", "summary": "Whether the process answers.", "security": [],
        "responses": {
          "200": {
            "description": "It does.",
            "content": {
              "application/json": { "schema": { "$ref": "#/components/schemas/State" } }
            }
          },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" }
        }
      }
    },
    "/readyz": {
      "get": {
        "operationId": "ready", "summary": "Whether new requests are welcome.", "security": [],
        "responses": {
          "200": {
            "description": "They are.",
            "content": {
              "application/json": { "schema": { "$ref": "#/components/schemas/State" } }
            }
          },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" },
          "503": { "$ref": "#/components/responses/Later" }
        }
      }
    },
    "/metrics": {
      "get": {
        "operationId": "metrics", "summary": "Metrics as Prometheus text, format 0.0.4.",
        "description": "Needs the scope metrics.",
        "responses": {
          "200": {
            "description": "The metrics.",
            "content": { "text/plain": { "schema": { "type": "string" } } }
          },
          "401": { "$ref": "#/components/responses/Unauthenticated" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/WrongMethod" }
        }
      }
    }
    """#
}
