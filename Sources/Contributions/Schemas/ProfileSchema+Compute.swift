extension ProfileSchema {
  /// GPU and CPU work: rendering, AI, general.
  public static let compute = ProfileSchema(
    "compute", "GPU and CPU work (rendering, AI, general)",
    kinds: [
      KindSchema(
        "claim", "what the host claims to be",
        fields: [
          Common.string("gpu_model", .category, "the GPUs' model"),
          Common.string("cpu_model", .category, "the CPU's model"),
          Common.owner, Common.region,
          Common.count("gpu_count", "number of GPUs"),
          Common.count("cpu_cores", "number of CPU cores"),
          Common.amount("vram_mb", "MB", "memory of each GPU"),
          Common.amount("ram_mb", "MB", "main memory"),
          Common.amount("disk_gb", "GB", "disk space"),
        ]),
      KindSchema(
        "inventory", "one device as the host's driver reports it",
        fields: [
          Common.deviceIndex,
          Common.string("gpu_uuid", .identity, "the driver's identity of the GPU"),
          Common.string("gpu_name", .category, "the driver's name of the GPU"),
          Common.string("driver", .category, "driver version"),
          Common.string("os", .category, "operating system"),
          Common.amount("vram_mb", "MB", "memory of the GPU"),
          Common.amount("compute_cap", "", "compute capability, such as 8.9"),
          Common.amount("sm_count", "", "streaming multiprocessors"),
          Common.amount("power_limit_w", "W", "board power limit"),
          Common.amount("clock_mhz", "MHz", "graphics clock"),
          Common.amount("mem_clock_mhz", "MHz", "memory clock"),
          Common.amount("pcie_gen", "", "PCI Express generation"),
          Common.amount("pcie_width", "", "PCI Express lanes"),
        ]),
      KindSchema(
        "benchmark", "one run of a named workload",
        fields: [
          Common.string("bench", .category, "the workload: values compare only within one"),
          FieldSchema(
            "value", .number, range: HardRange(0, excludesLower: true),
            text: "the result, higher is better"),
          Common.amount("elapsed_ms", "ms", "wall time"),
          Common.deviceIndex,
          Common.string("nonce", .payload, "the challenge"),
          Common.string("result_hash", .payload, "hash of the result"),
        ]),
      KindSchema(
        "job", "one piece of work done",
        fields: [
          Common.string("job_id", .payload, "the job's identity"),
          Common.string("task", .category, "the kind of work"),
          Common.string("result_hash", .payload, "hash of the result"),
          Common.boolean("organic", "real demand, not an audit"),
          Common.amount("elapsed_ms", "ms", "wall time"),
          Common.amount("cpu_ms", "ms", "processor time"),
          Common.amount("expected_ms", "ms", "time the work should take on the claimed hardware"),
          Common.boolean("agreed", "the result matched a trusted re-run"),
        ]),
      KindSchema(
        "telemetry", "a device's state at a moment",
        fields: [
          Common.deviceIndex,
          Common.number("util_pct", "%", 0, 100, "utilisation"),
          FieldSchema("mem_used_mb", .number, unit: "MB", text: "memory in use"),
          FieldSchema("power_w", .number, unit: "W", text: "power drawn"),
          Common.number("temp_c", "°C", -60, 150, "temperature"),
          FieldSchema("sm_clock_mhz", .number, unit: "MHz", text: "clock of the multiprocessors"),
        ]),
      KindSchema(
        "network", "a network measurement",
        fields: [
          Common.amount("rtt_ms", "ms", "round-trip time"),
          Common.amount("up_mbps", "Mbit/s", "upload speed"),
          Common.amount("down_mbps", "Mbit/s", "download speed"),
          Common.string("egress", .category, "hashed prefix traffic comes from"),
          Common.string("advertised", .category, "hashed prefix the node advertises"),
        ]),
    ])
}
