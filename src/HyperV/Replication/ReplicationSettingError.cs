namespace HostAgent.HyperV.Replication;

/// <summary>A replication setting with a value that Hyper-V does not allow.</summary>
/// <param name="Property">The property of <c>Msvm_ReplicationSettingData</c>.</param>
/// <param name="Value">The value, as text.</param>
/// <param name="Allowed">What is allowed, as a phrase.</param>
public sealed record ReplicationSettingError(string Property, string Value, string Allowed)
{
    /// <summary>The error as one sentence.</summary>
    public override string ToString() => $"{Property} is '{Value}', allowed is {Allowed}.";
}
