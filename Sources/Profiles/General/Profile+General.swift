import Contributions

extension Profile {
  /// The battery that any schema gets without a line of code of its own: of each number its
  /// level, spread and repetition; of each kind how much there is and how regular it comes.
  ///
  /// Peers are all nodes; a unit is one record.
  public static func general(_ schema: ProfileSchema) -> Profile {
    general(GeneralProfile(schema: schema))
  }

  /// The battery with what a declaration adds to it: groups, units, rules, series.
  public static func general(_ declaration: GeneralProfile) -> Profile {
    let series = declaration.series
    return Profile(
      schema: declaration.schema,
      features: declaration.schema.kinds.filter { $0.name != "claim" }.flatMap(generalFeatures),
      rules: declaration.rules.map(\.rule), unitName: declaration.unit.name,
      minimumRecords: declaration.minimumRecords,
      evidence: { $0 }, groups: { declaration.groups(of: $0) },
      units: { declaration.units(of: $0) },
      series: { records in series.compactMap { $0.series(of: records) } },
      memory: MemorySpec(
        channels: series.map { "\($0.field)" },
        tokens: declaration.tokens.map { ($0.kind, $0.name) }))
  }
}

private func generalFeatures(of kind: KindSchema) -> [Feature<NodeRecords>] {
  let numbers = kind.fields.filter {
    ($0.type == .number || $0.type == .integer) && $0.role == .value
  }
  return generalKindFeatures(kind.name) + numbers.flatMap { generalFeatures(of: $0, in: kind.name) }
}

private func generalKindFeatures(_ kind: String) -> [Feature<NodeRecords>] {
  [
    Feature(
      "\(kind).records", unit: "log2", resolution: 0.05, side: .both, attacks: [],
      text: "number of \(kind) records, log 2"
    ) { $0[kind: kind].isEmpty ? .nan : Statistics.log2(Double($0[kind: kind].count)) },
    Feature(
      "\(kind).gap_variation", resolution: 0.01, side: .low, attacks: [],
      text: "standard deviation of the time between \(kind) records over its mean"
    ) {
      let moments = $0[kind: kind].timestamps
      return moments.count < 16
        ? .nan : Statistics.variation(zip(moments, moments.dropFirst()).map { Double($1 - $0) })
    },
  ]
}

private func generalFeatures(
  of field: FieldSchema, in kind: String
) -> [Feature<NodeRecords>] {
  let name = "\(kind).\(field.name)"
  let values: @Sendable (NodeRecords) -> [Double] = { $0[kind: kind].numbers(field.name) }
  return [
    Feature(
      "\(name).median", unit: field.unit, resolution: 0.001, side: .both, attacks: [],
      text: "median of \(field.text)"
    ) { Statistics.median(values($0)) },
    Feature(
      "\(name).spread", unit: field.unit, resolution: 0.001, side: .both, attacks: [],
      text: "robust spread of \(field.text)"
    ) { Statistics.robustSpread(Statistics.sorted(values($0))) },
    Feature(
      "\(name).repeats", resolution: 0.001, side: .high, attacks: [],
      text: "share of the most common value of \(field.text)"
    ) {
      let sorted = Statistics.sorted(values($0))
      return sorted.count < 8 ? .nan : Statistics.modeShare(sorted)
    },
    Feature(
      "\(name).lag_correlation", resolution: 0.01, side: .both, attacks: [],
      text: "correlation of \(field.text) with itself one record later"
    ) { Statistics.lagOneCorrelation(values($0).filter { !$0.isNaN }) },
  ]
}
