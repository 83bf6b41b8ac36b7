using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>A selector of machines: an element of <c>targets</c>, or a wave's <c>match</c>.</summary>
internal static class SelectorReader
{
    /// <summary>The most name patterns that can be matched against every machine without noticeable delay.</summary>
    private const int MaxNames = 1000;

    /// <summary>The most ids that fit into a document.</summary>
    private const int MaxIds = 25_000;

    public static TargetSelector Read(MappingReader selector)
    {
        var oneHost = selector.Optional("host");
        var hosts = selector.Optional("hosts");
        var name = oneHost.Name(1, 255);
        var selected = hosts.Mapping(mapping => new HostSelector(null, mapping.Optional("site").Name(1, 255), mapping.Optional("labels").TextMap()));
        if (oneHost.IsPresent && hosts.IsPresent)
        {
            hosts.Reject("either host or hosts", $"{hosts.Path} is set together with host; give either the one host or a selection of hosts.");
        }

        return new TargetSelector(
            selected ?? new HostSelector(name, null, SpecReader.Empty.Labels),
            selector.Optional("vms").Mapping(ReadMachines));
    }

    private static VirtualMachineSelector ReadMachines(MappingReader machines)
    {
        // Hyper-V has no virtual machine labels; the free-text Notes field is not safe to select on.
        var labels = machines.Optional("labels");
        if (labels.TextMap().Count > 0)
        {
            labels.Reject(
                "names or ids of machines, or labels of hosts",
                $"{labels.Path} is not supported: Hyper-V has no virtual machine labels. Select them by names or ids, or their hosts by hosts.labels.");
        }

        return new VirtualMachineSelector(
            machines.Optional("names").GlobList(MaxNames),
            machines.Optional("ids").UuidList(MaxIds));
    }
}
