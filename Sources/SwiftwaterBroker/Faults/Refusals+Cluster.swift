extension APIVersionsResponse: FailableResponse {
    mutating func fail(_ error: ErrorCode) { self.error = error }
}

extension DescribeClusterResponse: FailableResponse {
    mutating func fail(_ error: ErrorCode) { self.error = error }
}
