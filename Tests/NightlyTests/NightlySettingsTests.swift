import Testing

@testable import Nightly

@Suite struct NightlySettingsTests {
  private func settings(_ json: String, section: String = "wireless") throws -> NightlySettings {
    try NightlySettings(json: Array(json.utf8), section: section)
  }

  private func refusal(_ json: String, section: String = "wireless") -> String {
    let error = #expect(throws: NightlyError.self) { try settings(json, section: section) }
    return error?.description ?? ""
  }

  @Test func aSectionHasWhatAllGivesUnlessItSaysOtherwise() throws {
    let settings = try settings(
      """
      {"all": {"intake": "/i", "out": "/o", "desk": "/d", "memory": "1GB", "hook": ["tell"]},
       "wireless": {"memory": "2GB", "desk": "", "hook_drift": ["page", "a b"], "post": []}}
      """)
    #expect(settings.profile == "wireless" && settings.section == "wireless")
    #expect(settings.intake == "/i" && settings.out == "/o" && settings.memory == "2GB")
    #expect(settings.desk == nil)
    #expect(settings.hooks[.drift] == ["page", "a b"] && settings.hooks[.rejects] == ["tell"])
    #expect(settings.withhold == [.guardAlarm, .rejects])
    #expect(
      settings.hookSeconds == 60 && settings.keepLogDays == 30 && settings.keepBundleDays == 0)
  }

  @Test func aSectionMayJudgeAnotherProfile() throws {
    let json = #"{"candidate": {"profile": "compute", "intake": "i", "out": "o"}}"#
    let settings = try settings(json, section: "candidate")
    #expect(settings.profile == "compute")
    #expect(settings.nightFolder == "o/.nightly/candidate")
  }

  @Test func aProfileOfAFileHasItsOwnName() throws {
    let json = #"{"charging": {"profile_file": "/etc/assay/c.yaml", "intake": "i", "out": "o"}}"#
    let settings = try settings(json, section: "charging")
    #expect(settings.profile == "charging" && settings.profileFile == "/etc/assay/c.yaml")
    for path in ["/etc/assay/c.yaml", "c.yaml", "c.yml"] {
      let json = #"{"charging": {"profile": "\#(path)", "intake": "i", "out": "o"}}"#
      #expect(refusal(json, section: "charging").contains("profile_file"))
    }
  }

  @Test func whatCannotBeIsNamed() {
    #expect(refusal("[]").contains("sections"))
    #expect(refusal(#"{"wireless": {"#).contains("sections"))
    #expect(refusal(#"{"compute": {}}"#).contains("'wireless'"))
    #expect(refusal(#"{"all": {"out": "o"}}"#, section: "all").contains("'all'"))
    #expect(refusal(#"{"wireless": {"intake": "i"}}"#).contains("'out'"))
    #expect(refusal(#"{"wireless": {"out": "o"}}"#).contains("one of"))
    #expect(
      refusal(#"{"wireless": {"out": "o", "intake": "i", "logs": ["l"]}}"#).contains("one of"))
    for (setting, word) in [
      (#""outt": "x""#, "outt"), (#""hook_rain": ["x"]"#, "hook_rain"),
      (#""reject_share": "0.1""#, "'reject_share' is no number"),
      (#""reject_share": true"#, "'reject_share' is no number"),
      (#""keep_log_days": -1"#, "below zero"), (#""keep_log_days": 1.5"#, "whole"),
      (#""keep_log_days": 1e300"#, "whole"), (#""post": "assay post""#, "'post' is no list"),
      (#""keys": [1]"#, "'keys' is no list"), (#""model": null"#, "'model' is no text"),
      (#""withhold": ["no_records"]"#, "no_records"), (#""withhold": ["weather"]"#, "weather"),
    ] {
      #expect(
        refusal("{\"wireless\": {\"out\": \"o\", \"intake\": \"i\", \(setting)}}").contains(word))
    }
  }

  @Test func bundlesMayNotGoBeforeTheLogsThatGoByThem() throws {
    func section(_ more: String) -> String { "{\"wireless\": {\"out\": \"o\", \(more)}}" }
    for days in [#""keep_bundle_days": 29"#, #""keep_bundle_days": 9, "keep_log_days": 10"#] {
      #expect(refusal(section(#""intake": "i", "# + days)).contains("'keep_bundle_days' is below"))
    }
    for days in [
      #""keep_bundle_days": 0"#, #""keep_bundle_days": 30"#,
      #""keep_bundle_days": 1, "keep_log_days": 0"#,
    ] {
      #expect(try settings(section(#""intake": "i", "# + days)).section == "wireless")
    }
    // Logs of one's own are not removed.
    #expect(try settings(section(#""logs": ["l"], "keep_bundle_days": 1"#)).keepBundleDays == 1)
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: NightlyError.self) {
      try NightlySettings(path: "/nothing/here.json", section: "wireless")
    }
    #expect(error?.description.contains("/nothing/here.json") == true)
  }

  @Test func onlyKnownPlaceholdersAreReplaced() {
    let values = ["epoch": "20454", "date": "2026-01-01"]
    for (text, expected) in [
      ("/logs/{date}/{epoch}.ndjson", "/logs/2026-01-01/20454.ndjson"), ("{", "{"), ("", ""),
      ("{{epoch}}", "{20454}"), ("{node}{date", "{node}{date"), ("}{date}{", "}2026-01-01{"),
      ("{\"a\": \"{epoch}\"}", "{\"a\": \"20454\"}"),
    ] {
      #expect(Placeholders.fill(text, values) == expected)
    }
    // What was filled in is not looked through again.
    #expect(Placeholders.fill("{bundle}", ["bundle": "{bundle}"]) == "{bundle}")
  }
}
