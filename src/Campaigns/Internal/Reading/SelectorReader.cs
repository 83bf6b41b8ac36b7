using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Internal.Reading;

/// <summary>A selector of machines: an element of <c>targets</c>, or a wave's <c>match</c>.</summary>
internal static class SelectorReader
{
    public static TargetSelector Read(MappingReader selector)
    {
        var oneHost = selector.Optional("host");
        var hosts = selector.Optional("hosts");
        var name = oneHost.Text(1, 255);
        var selected = hosts.Mapping(mapping => new HostSelector(null, mapping.Optional("site").Text(1, 255), mapping.Optional("labels").TextMap()));
        if (oneHost.IsPresent && hosts.IsPresent)
        {
            hosts.Reject("either host or hosts", $"{hosts.Path} stands beside host; give either the one host or a selection of hosts.");
        }

        return new TargetSelector(
            selected ?? new HostSelector(name, null, SpecReader.Empty.Labels),
            selector.Optional("vms").Mapping(ReadMachines));
    }

    private static VirtualMachineSelector ReadMachines(MappingReader machines)
        => new(
            machines.Optional("names").GlobList(),
            machines.Optional("ids").UuidList(),
            machines.Optional("labels").TextMap());
}
