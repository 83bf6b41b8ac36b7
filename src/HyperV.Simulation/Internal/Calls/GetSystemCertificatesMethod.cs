using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>GetSystemCertificates: every certificate of the computer's personal store, as base 64.</summary>
internal sealed class GetSystemCertificatesMethod : ISimulatedMethod
{
    public CimMethod Declaration { get; } = ReplicationServiceMethods.Find("GetSystemCertificates")!;

    public bool IsOf(object target) => target is ReplicationService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.With((uint)ReturnCode.Completed, "EncodedCertificates", world.Certificates.Encoded);
}
