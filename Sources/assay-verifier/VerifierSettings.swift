import ServiceSupport

/// Every setting that the environment and the file may have; see Docs/verifier.md.
enum VerifierSettings {
  static let names = SettingNames(
    prefix: "assay_verifier",
    [
      "host", "port", "grpc_host", "grpc_port", "tls.certificate", "tls.key", "tls.client_ca",
      "profiles", "models", "policies", "candidate_models", "candidate_policies", "keys", "intake",
      "shadow_log", "drain_seconds", "log_level", "limits.max_items", "limits.max_records",
      "limits.max_bytes", "limits.max_deadline_ms", "limits.workers", "limits.waiting",
      "limits.kept_answers", "limits.kept_bytes", "limits.kept_seconds", "limits.shadow_waiting",
      "limits.connections", "limits.body_seconds", "limits.idle_seconds", "limits.body_bytes",
    ])
}
