using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>A selector of machines: an element of <c>targets</c>, or a wave's <c>match</c>.</summary>
internal static class SelectorReader
{
    /// <summary>The selector's name in the schema.</summary>
    public const string Definition = "selector";

    private const string Names = "Patterns of names, of which one must match; at most 5000 in the whole document. * is any characters, ? is one character as a person "
        + "counts, every other character is itself, also the backslash. Compared without case and without regard to the Unicode normal form.";

    /// <summary>The most name patterns that can be matched against every machine without noticeable delay.</summary>
    private const int MaxNames = 1000;

    /// <summary>The most ids that fit into a document.</summary>
    private const int MaxIds = 25_000;

    public static TargetSelector Read(MappingReader selector)
    {
        selector.Describe("Selects virtual machines.");
        var name = selector.Optional("host").Described("One host by its name; not together with hosts.").Name(1, 255);
        var hosts = selector.Optional("hosts").Described("Hosts that match every part given; every known host when empty.");
        var selected = hosts.Mapping(mapping => new HostSelector(
            null,
            mapping.Optional("site").Described("The site, compared without case and without regard to the Unicode normal form.").Name(1, 255),
            mapping.Optional("labels").Described("Labels that the host must have, compared exactly.").TextMap()));
        selector.RefuseTogether("host", "hosts", $"{hosts.Path} is set together with host; give either the one host or a selection of hosts.");
        return new TargetSelector(
            selected ?? new HostSelector(name, null, SpecReader.Empty.Labels),
            selector.Optional("vms").Described("Machines on these hosts; every one that is eligible by default.").Mapping(ReadMachines));
    }

    private static VirtualMachineSelector ReadMachines(MappingReader machines)
    {
        // Hyper-V has no virtual machine labels; the free-text Notes field is not safe to select on.
        var labels = machines.Optional("labels").Described("Not supported: Hyper-V has no virtual machine labels.");
        labels.EmptyMapping(
            "names or ids of machines, or labels of hosts",
            $"{labels.Path} is not supported: Hyper-V has no virtual machine labels. Select them by names or ids, or their hosts by hosts.labels.");
        return new VirtualMachineSelector(
            machines.Optional("names").Described(Names).GlobList(MaxNames),
            machines.Optional("ids").Described("Ids; these machines are selected whatever their name.").UuidList(MaxIds));
    }
}
