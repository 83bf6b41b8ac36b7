namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Which primary servers may replicate to a host, and where it keeps what they send (<c>Msvm_ReplicationAuthorizationSettingData</c>).</summary>
/// <param name="AllowedPrimaryHostSystem">A server's DNS name, <c>*.</c> and a domain for all of its servers, or <c>*</c> for any server.</param>
public sealed record SimulatedAuthorizationEntry(string AllowedPrimaryHostSystem)
{
    /// <summary>The entry that lets any server in; what a host has by default.</summary>
    public static SimulatedAuthorizationEntry AnyServer { get; } = new("*");

    /// <summary>The name that entries belong together by. Default: DEFAULT.</summary>
    public string TrustGroup { get; init; } = "DEFAULT";

    /// <summary>The folder of the replicas, a whole Windows path.</summary>
    public string ReplicaStorageLocation { get; init; } = @"D:\Hyper-V Replica";
}
