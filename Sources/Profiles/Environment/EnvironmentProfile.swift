import Contributions

extension Profile {
  /// Weather, air and energy sensors.
  ///
  /// A unit is one station hour: an hour in which the station delivered at least one reading.
  /// Peers measure the same kind of thing with the same model.
  public static let environment = Profile(
    schema: .environment,
    features: EnvironmentFeatures.sky + EnvironmentFeatures.weather + EnvironmentFeatures.texture
      + EnvironmentFeatures.meter,
    rules: EnvironmentRules.shelter + EnvironmentRules.place + EnvironmentRules.invention
      + EnvironmentRules.meter + EnvironmentRules.faults,
    unitName: "station hours", minimumRecords: 12,
    evidence: { EnvironmentEvidence($0) }, groups: \.groups, units: \.hours, series: \.series,
    trace: { EnvironmentTrace($0) },
    memory: MemorySpec(channels: ["temp_c", "pressure_hpa", "humidity_pct"]))
}
