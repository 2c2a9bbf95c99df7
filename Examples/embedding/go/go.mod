module assay.example/verify

go 1.19
