/// What concerns the broker as a whole. Registered last, as ApiVersions lists what is there.
struct ClusterRoutes: Sendable {
    var endpoint: BrokerEndpoint
    var clusterID: String

    func register(on router: inout RequestRouter) {
        router.on(DescribeClusterRequest.self) { request, _ in describeCluster(request) }
        router.on(SASLHandshakeRequest.self) { _, _ in SASLHandshakeResponse() }
        let keys = router.apiKeys + [.apiVersions]
        router.on(APIVersionsRequest.self) { _, _ in APIVersionsResponse(apiKeys: keys) }
    }

    private func describeCluster(_ request: DescribeClusterRequest) -> DescribeClusterResponse {
        var answer = DescribeClusterResponse(
            endpointType: request.endpointType, broker: endpoint, clusterID: clusterID)
        switch request.endpointType {
        case 1: break
        case 2:
            answer.error = .mismatchedEndpointType
            answer.errorMessage = "The request was sent to a broker, and asks for controllers."
        default:
            answer.error = .unsupportedEndpointType
            answer.errorMessage = "Unsupported endpoint type \(request.endpointType)"
        }
        return answer
    }
}
