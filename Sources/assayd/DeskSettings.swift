import ServiceSupport

/// Every setting that the environment and the file may have; see Docs/review.md.
enum DeskSettings {
  static let names = SettingNames(
    prefix: "assayd",
    [
      "store", "host", "port", "bundles", "import", "logs", "profile_files", "secure_cookies",
      "behind_proxy", "requests_per_minute", "passwords", "metrics_token_file", "trusted_keys",
      "identity.header",
      "identity.issuer", "identity.audience", "identity.keys", "identity.name_claim",
      "identity.groups_claim", "identity.roles", "identity.leeway_seconds", "identity.sign_out",
    ])
}
