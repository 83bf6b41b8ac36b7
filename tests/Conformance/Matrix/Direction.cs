namespace HostAgent.Conformance.Matrix;

/// <summary>Which side of a call is ours.</summary>
internal enum Direction
{
    OurServer,
    OurClient,
}
