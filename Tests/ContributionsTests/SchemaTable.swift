/// The record kinds of the contribution log, version 1, as its text gives them: one kind a line,
/// each field with its type and, in brackets, its hard range. `s` string, `n` number, `i` integer,
/// `b` boolean; `(` excludes the bound; no upper bound is left empty.
let contributionLogTable = """
  wireless claim: maker s; model s; owner s; region s; lat n [-90,90]; lon n [-180,180]; \
  elevation_m n [-500,9000]; gain_dbi n [-10,40]; tx_power_dbm n [-30,60]
  wireless beacon: beacon_id s; freq_mhz n [100,100000]; datarate s; tx_power_dbm n [-30,60]
  wireless witness: beacon_id s; peer s; rssi_dbm n [-200,50]; snr_db n [-50,50]; \
  freq_mhz n [100,100000]; datarate s; hold_ms n [0,]; tmst_us n [0,4294967295]; payload_hash s
  wireless packet: device s; payload_hash s; rssi_dbm n [-200,50]; snr_db n [-50,50]; \
  freq_mhz n [100,100000]; datarate s; size_bytes n [0,]; hold_ms n [0,]; \
  tmst_us n [0,4294967295]; device_lat n [-90,90]; device_lon n [-180,180]
  wireless transfer: session s; subscriber s; up_bytes n [0,]; down_bytes n [0,]; duration_s n [0,]
  wireless heartbeat: lat n [-90,90]; lon n [-180,180]; location_source s
  wireless speedtest: up_mbps n [0,]; down_mbps n [0,]; latency_ms n [0,]
  compute claim: gpu_model s; cpu_model s; owner s; region s; gpu_count i [0,]; cpu_cores i [0,]; \
  vram_mb n [0,]; ram_mb n [0,]; disk_gb n [0,]
  compute inventory: device_index i [0,]; gpu_uuid s; gpu_name s; driver s; os s; vram_mb n [0,]; \
  compute_cap n [0,]; sm_count n [0,]; power_limit_w n [0,]; clock_mhz n [0,]; \
  mem_clock_mhz n [0,]; pcie_gen n [0,]; pcie_width n [0,]
  compute benchmark: bench s; value n (0,]; elapsed_ms n [0,]; device_index i [0,]; nonce s; \
  result_hash s
  compute job: job_id s; task s; result_hash s; organic b; elapsed_ms n [0,]; cpu_ms n [0,]; \
  expected_ms n [0,]; agreed b
  compute telemetry: device_index i [0,]; util_pct n [0,100]; mem_used_mb n; power_w n; \
  temp_c n [-60,150]; sm_clock_mhz n
  compute network: rtt_ms n [0,]; up_mbps n [0,]; down_mbps n [0,]; egress s; advertised s
  storage claim: owner s; region s; capacity_gib n [0,]; drives i [0,]
  storage retrieval: checker s; cid s; inet_group s; checksum s; ttfb_ms n [0,]; \
  elapsed_ms n [0,]; bytes n [0,]; status i; timeout b
  storage audit: outcome s; bytes n [0,]; elapsed_ms n [0,]
  storage proof: sectors i [0,]; late_ms n [0,]; valid b
  storage drive: drive_id s; drive_model s; capacity_gib n [0,]; power_on_h n [0,]; errors n [0,]
  mobility claim: vin s; device_model s; vehicle s; owner s; year i
  mobility fix: lat n [-90,90]; lon n [-180,180]; alt_m n [-500,20000]; speed_kmh n [0,]; \
  heading_deg n [0,360]; hdop n [0,]; sats i [0,]
  mobility obd: odometer_km n [0,]; rpm n [0,]; speed_kmh n [0,]; fuel_pct n [0,100]; \
  coolant_c n [-60,250]; battery_v n [0,1000]
  mobility frame: image_hash s; lat n [-90,90]; lon n [-180,180]
  environment claim: model s; owner s; lat n [-90,90]; lon n [-180,180]; elevation_m n [-500,9000]
  environment reading: temp_c n [-90,70]; humidity_pct n [0,100]; pressure_hpa n [300,1100]; \
  wind_ms n [0,120]; gust_ms n [0,150]; wind_dir_deg n [0,360]; rain_mm_h n [0,500]; \
  solar_wm2 n [0,2000]; lux n [0,400000]; uv n [0,25]
  environment meter: power_w n; energy_wh n [0,]; voltage_v n [0,]; current_a n; freq_hz n [0,100]
  """
