using System.Net;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.Methods.Replication;

/// <summary>SetFailoverNetworkAdapterSettings: the guest's addresses after a failover, one instance per adapter.</summary>
internal static class FailoverNetworkOperations
{
    private const int MaxGateways = 5;
    private static readonly long?[] Protocols = [null, 0, 1, 4096, 4097, 4098];

    public static IReadOnlyList<MachineOperation> All { get; } = [MachineOperation.OfReplicationService("SetFailoverNetworkAdapterSettings", Set)];

    private static OperationDecision Set(OperationCall call)
    {
        if (call.Machine.Mode is ReplicationMode.None or ReplicationMode.TestReplica)
        {
            return Refusals.WrongMode(call.Machine);
        }

        if (call.Inputs.GetValueOrDefault("NetworkSettings") is not string[] { Length: > 0 } texts)
        {
            return OperationDecision.Refuse(ReturnCode.InvalidParameter, "NetworkSettings is missing");
        }

        // What is not named keeps what it has.
        var adapters = FailoverNetworkAdapterClass.Of(call.Machine).Select(known => known.Text).ToList();
        foreach (var (place, text) in texts.Index())
        {
            if (EmbeddedArgument.Read(text, FailoverNetworkAdapterClass.Declaration, out var refusal) is not { } adapter)
            {
                return refusal!;
            }

            if (FindError(adapter) is { } error)
            {
                return OperationDecision.Refuse(ReturnCode.InvalidParameter, error);
            }

            var id = adapter.GetString("InstanceID");
            var index = id is null ? place : Enumerable.Range(0, adapters.Count).FirstOrDefault(one => string.Equals(FailoverNetworkAdapterClass.InstanceIdOf(call.Machine, one), id, StringComparison.OrdinalIgnoreCase), -1);
            if (index < 0 || index >= adapters.Count)
            {
                return OperationDecision.Refuse(ReturnCode.InvalidParameter, $"the settings '{id}' are not those of an adapter of the machine");
            }

            adapters[index] = CimXmlText.Write(adapter);
        }

        return OperationDecision.Start(JobType.ModifyVirtualMachine, OperationPlans.Timed(call.Machine, 1, new MachineChange { FailoverNetwork = adapters }));
    }

    private static string? FindError(CimInstance adapter)
    {
        var addresses = Texts(adapter, "IPAddresses");
        var wrong = addresses.Concat(Texts(adapter, "DefaultGateways")).Concat(Texts(adapter, "DNSServers")).FirstOrDefault(text => !IPAddress.TryParse(text, out _));
        return adapter switch
        {
            _ when adapter["IPAddresses"] is null => "IPAddresses is missing",
            _ when adapter["DHCPEnabled"] is null => "DHCPEnabled is missing",
            _ when !Protocols.Contains(adapter.GetInteger("ProtocolIFType")) => $"ProtocolIFType is {adapter["ProtocolIFType"]}; it must be 0, 1, 4096, 4097 or 4098",
            _ when Texts(adapter, "DefaultGateways").Length > MaxGateways => $"DefaultGateways has more than {MaxGateways} elements",
            _ when adapter["Subnets"] is not null && Texts(adapter, "Subnets").Length != addresses.Length => "Subnets must have one element for each element of IPAddresses",
            _ when wrong is not null => $"'{wrong}' is not an IP address",
            _ => null,
        };
    }

    private static string?[] Texts(CimInstance adapter, string property) => adapter[property] as string?[] ?? [];
}
