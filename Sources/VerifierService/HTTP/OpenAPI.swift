/// The service's description, OpenAPI 3.1, as `/v1/openapi.json` gives it.
///
/// Written by hand and kept true by tests from outside: every path, method and status that the
/// service gives must be in it, and every body must be valid by its schema.
enum OpenAPI {
  static let bytes = Array("{\(head),\"paths\":{\(paths)},\"components\":{\(components)}}".utf8)

  private static let head = #"""
    "openapi": "3.1.0",
    "info": {
      "title": "Assay verifier",
      "version": "1.0.0",
      "summary": "Verdicts on the physical contributions of decentralised networks.",
      "description": "An error is never a pass: an outcome stands only where the status is OK."
    },
    "servers": [{ "url": "/" }],
    "security": [{ "key": [] }]
    """#
}
