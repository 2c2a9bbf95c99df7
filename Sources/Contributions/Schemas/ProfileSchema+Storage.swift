extension ProfileSchema {
  /// Stored and served data.
  public static let storage = ProfileSchema(
    "storage", "stored and served data",
    kinds: [
      KindSchema(
        "claim", "what the provider claims to hold",
        fields: [
          Common.owner, Common.region,
          Common.amount("capacity_gib", "GiB", "capacity offered"),
          Common.count("drives", "number of drives"),
        ]),
      KindSchema(
        "retrieval", "one attempt to read from the node",
        fields: [
          Common.string("checker", .peer, "the identity that measured"),
          Common.string("cid", .payload, "what was asked for"),
          Common.string("inet_group", .category, "the serving node's network group"),
          Common.string("checksum", .payload, "checksum of what came back"),
          Common.amount("ttfb_ms", "ms", "time to first byte"),
          Common.amount("elapsed_ms", "ms", "time to last byte"),
          Common.amount("bytes", "B", "bytes received"),
          FieldSchema("status", .integer, text: "protocol status code"),
          Common.boolean("timeout", "whether the attempt timed out"),
        ]),
      KindSchema(
        "audit", "one audit of held data",
        fields: [
          Common.string("outcome", .category, "success, failure, unknown or offline"),
          Common.amount("bytes", "B", "bytes audited"),
          Common.amount("elapsed_ms", "ms", "time taken"),
        ]),
      KindSchema(
        "proof", "one proof of storage",
        fields: [
          Common.count("sectors", "sectors proven"),
          Common.amount("late_ms", "ms", "time after the deadline opened"),
          Common.boolean("valid", "whether the proof verified"),
        ]),
      KindSchema(
        "drive", "one drive as its firmware reports it",
        fields: [
          Common.string("drive_id", .identity, "the drive's serial number"),
          Common.string("drive_model", .category, "the drive's model"),
          Common.amount("capacity_gib", "GiB", "capacity"),
          Common.amount("power_on_h", "h", "hours powered"),
          Common.amount("errors", "", "errors counted"),
        ]),
    ])
}
