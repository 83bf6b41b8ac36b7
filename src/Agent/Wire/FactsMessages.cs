using Google.Protobuf.WellKnownTypes;
using HostAgent.Agent.MachineReads;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Hosting;

namespace HostAgent.Agent.Wire;

/// <summary>Writes facts as messages.</summary>
internal static class FactsMessages
{
    /// <summary>One read.</summary>
    /// <param name="read">The read.</param>
    /// <param name="ineligibleReason">Why a failback of the machine could not be initiated; null when it could.</param>
    public static MachineFacts Of(FactsRead read, string? ineligibleReason)
    {
        var reading = read.Reading;
        var message = new MachineFacts
        {
            FactsId = read.Id.ToString(),
            ReadTime = read.Time.ToTimestamp(),
            Believed = read.Believed,
            Present = reading.Machine is not null,
            HostBootTime = read.HostBooted?.ToTimestamp(),
            HostTime = read.HostTime?.ToTimestamp(),
            VirtualSwitch = read.Switch is { } asked
                ? new HostSwitch { Name = asked.Name, Kind = EnumNames.Of<HyperV.Failover.SwitchKind, Contracts.Failback.V1.SwitchKind>(asked.Kind), Observed = asked.Observed }
                : null,
            StartupAction = (uint?)reading.StartupAction ?? 0,
            StartupDelay = reading.StartupDelay?.ToDuration(),
            ReplicaServer = read.Host.ReplicationServiceAvailable
                ? new ReplicaServerFacts
                {
                    Enabled = read.Host.RecoveryServerEnabled ?? false,
                    AllowedAuthentication = (uint?)read.Host.AllowedAuthenticationType ?? 0,
                    HttpPort = (uint?)read.Host.HttpPort ?? 0,
                    HttpsPort = (uint?)read.Host.HttpsPort ?? 0,
                }
                : null,
        };
        if (reading.Machine is not { } machine)
        {
            return message;
        }

        message.VirtualMachine = MachineMessages.Of(machine, diskBytes: null, ineligibleReason, read.Live?.Snapshot.Facts.OperationId);
        message.LastReplicationType = (uint?)machine.Relationship?.LastReplicationType ?? 0;
        message.FailedOverType = (uint?)machine.Relationship?.FailedOverReplicationType ?? 0;
        message.PowerSince = machine.PowerSince?.ToTimestamp();
        foreach (var job in reading.Jobs)
        {
            var line = new MachineJob { Id = job.InstanceId, Type = (uint?)job.JobType ?? 0, OperationId = read.OperationOf(job)?.ToString() ?? "" };
            if (job.PercentComplete is { } percent)
            {
                line.PercentComplete = System.Math.Clamp(percent, 0, 100);
            }

            message.Jobs.Add(line);
        }

        message.TestMachineIds.Add(reading.TestMachines.Select(id => id.ToString()));
        message.LastStartTime = read.Run?.LastStart?.ToTimestamp();
        message.LastStopTime = read.Run?.LastStop?.ToTimestamp();
        message.StopCause = read.Run?.Cause is { } cause ? EnumNames.Of<MachineReads.StopCause, Contracts.Failback.V1.StopCause>(cause) : Contracts.Failback.V1.StopCause.Unspecified;
        foreach (var adapter in read.Adapters)
        {
            var line = new MachineAdapter
            {
                Id = adapter.Id,
                Name = adapter.Name,
                VirtualSwitch = adapter.Switch ?? "",
                Vlan = adapter.Vlan ?? "",
                MacAddress = adapter.MacAddress ?? "",
                StaticMacAddress = adapter.HasStaticMac ?? false,
            };
            line.GuestAddresses.Add(adapter.GuestAddresses);
            line.AfterFailover = adapter.AfterFailover is { } set ? FailoverNetworkMessages.Of(set) : null;
            message.NetworkAdapters.Add(line);
        }

        if (reading.Guest is { } guest)
        {
            message.Guest = new GuestFacts
            {
                Heartbeat = (uint?)guest.Heartbeat ?? 0,
                Application = (uint?)guest.Application ?? 0,
                OnTime = guest.OnTime?.ToDuration(),
                CanShutDown = guest.CanShutDown,
            };
        }

        return message;
    }
}
