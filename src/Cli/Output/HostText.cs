using HostAgent.Documents;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Cli.Output;

/// <summary>Hosts and their virtual machines on paper.</summary>
internal static class HostText
{
    /// <summary>Writes one line for each host.</summary>
    public static void WriteList(CommandEnvironment environment, IReadOnlyCollection<ManagedHost> hosts)
    {
        if (hosts.Count == 0)
        {
            environment.Output.WriteLine("The coordinator's inventory has no hosts.");
            return;
        }

        var table = ListTable.Create("HOST", "SITE", "BACK TO", "REACHABLE", ">RUNNING", ">QUEUED", "ADDRESS", "REMARK");
        foreach (var host in hosts)
        {
            table.Row(
                ResourceName.Id(host.Name),
                host.Site,
                host.PrimarySite,
                Reachable(host),
                host.Agent is null ? "" : $"{host.Agent.RunningFailbacks}",
                host.Agent is null ? "" : $"{host.Agent.QueuedFailbacks}",
                host.Address,
                host.UnreachableReason);
        }

        table.Write(environment);
    }

    /// <summary>Writes all that is known of one host.</summary>
    public static void WriteHost(CommandEnvironment environment, ManagedHost host)
    {
        var since = host.SinceTime is null ? "" : $" since {Quantity.Instant(host.SinceTime)}";
        Fact(environment, "Host", ResourceName.Id(host.Name));
        Fact(environment, "Address", host.Address);
        Fact(environment, "Site", host.PrimarySite.Length == 0 ? host.Site : $"{host.Site}, goes back to {host.PrimarySite}");
        Fact(environment, "Labels", string.Join(", ", host.Labels.Select(label => $"{label.Key}={label.Value}")));
        Fact(environment, "Reachable", Reachable(host) + since + (host.UnreachableReason.Length > 0 ? $": {host.UnreachableReason}" : ""));
        if (host.Agent is not { } agent)
        {
            return;
        }

        Fact(environment, "Agent", $"{agent.AgentVersion}{(agent.Simulated ? ", on a simulated host" : "")}{(agent.Draining ? ", draining" : "")}");
        Fact(environment, "Started", Quantity.Instant(agent.StartTime));
        Fact(environment, "Replication", agent.ReplicationServiceAvailable ? "service available" : "service NOT available");
        Fact(environment, "Failbacks", $"{agent.RunningFailbacks} of at most {agent.MaxConcurrentFailbacks} running, {agent.QueuedFailbacks} queued");
        if (agent.HasSimulatedInitiations)
        {
            Fact(environment, "Initiations", $"{agent.SimulatedInitiations}, counted by the simulated host");
        }

        foreach (var machine in agent.Unfinished)
        {
            Fact(environment, "Unfinished", $"{machine.Name} ({machine.VirtualMachineId}) is {EnumWord.Of(machine.What)} since {Quantity.Instant(machine.SinceTime)}. {machine.Advice}");
        }
    }

    /// <summary>Writes one line for each virtual machine.</summary>
    public static void WriteVirtualMachines(CommandEnvironment environment, IReadOnlyCollection<VirtualMachine> machines)
    {
        if (machines.Count == 0)
        {
            environment.Output.WriteLine("The host has no virtual machines.");
            return;
        }

        var table = ListTable.Create("MACHINE", "POWER", "REPLICATION", "HEALTH", ">DISKS", "ID", "CAN FAIL BACK");
        foreach (var machine in machines)
        {
            table.Row(
                machine.Name,
                EnumWord.Of(machine.PowerState),
                EnumWord.Of(machine.ReplicationState),
                EnumWord.Of(machine.ReplicationHealth),
                machine.DiskBytes > 0 ? SizeText.Write(machine.DiskBytes) : "",
                machine.Id,
                machine.Eligible ? "yes" : $"no: {machine.IneligibleReason}");
        }

        table.Write(environment);
    }

    private static string Reachable(ManagedHost host) => host.Reachability switch
    {
        Reachability.Reachable => "yes",
        Reachability.Unreachable => "NO",
        _ => "not tried",
    };

    private static void Fact(CommandEnvironment environment, string name, string value)
    {
        if (value.Length > 0)
        {
            environment.Output.WriteLine($"{name + ":",-13}{value}");
        }
    }
}
