namespace HostAgent.Conformance.Server;

/// <summary>The metadata by which cases and implementations understand each other.</summary>
internal static class EchoHeaders
{
    /// <summary>Sent back in the response headers.</summary>
    public const string Initial = "x-conformance-initial";

    /// <summary>Sent back in the trailers; bytes.</summary>
    public const string Trailing = "x-conformance-trailing-bin";

    /// <summary>The case that a call belongs to.</summary>
    public const string Case = "x-conformance-case";
}
