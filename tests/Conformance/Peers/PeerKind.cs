namespace HostAgent.Conformance.Peers;

/// <summary>The other implementations.</summary>
public enum PeerKind
{
    /// <summary>grpcio: the C core, driven from Python.</summary>
    Python,

    /// <summary>grpc-js: JavaScript on Node's own HTTP/2.</summary>
    Node,

    /// <summary>grpc-go, with its own HTTP/2.</summary>
    Go,
}
