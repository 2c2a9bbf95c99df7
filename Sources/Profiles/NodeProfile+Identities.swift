import Contributions

extension NodeProfile {
  /// The values of every field with the role `identity`, by field and value.
  static func identities(in records: NodeRecords) -> [Identity] {
    var found: [Identity] = []
    for table in records.tables where !table.isEmpty {
      for field in table.kind.fields where field.role == .identity {
        found += identities(field.name, in: table)
      }
    }
    // By bytes: Swift's strings take some different ones for equal.
    return found.sorted {
      $0.field == $1.field
        ? $0.value.utf8.lexicographicallyPrecedes($1.value.utf8) : $0.field < $1.field
    }
  }

  private static func identities(_ field: String, in table: RecordTable) -> [Identity] {
    struct Sighting {
      var first: Int64
      var last: Int64
      var count = 1
    }
    var sightings: [Int32: Sighting] = [:]
    for (row, code) in table.codes(field).enumerated() where code >= 0 {
      let moment = table.timestamps[row]
      if var seen = sightings[code] {
        seen.last = moment
        seen.count += 1
        sightings[code] = seen
      } else {
        sightings[code] = Sighting(first: moment, last: moment)
      }
    }
    return sightings.map { code, seen in
      Identity(
        field: field, value: table.text(code), first: seen.first, last: seen.last,
        sightings: seen.count)
    }
  }
}
