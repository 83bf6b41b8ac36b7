using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_FailoverNetworkAdapterSettingData: what a guest's network adapters are given after a failover.</summary>
internal sealed class FailoverNetworkAdapterClass : SimulatedClassOf<FailoverNetworkAdapter>
{
    public static CimClass Declaration { get; } = new("Msvm_FailoverNetworkAdapterSettingData",
    [
        new("InstanceID", CimType.String), new("Caption", CimType.String), new("Description", CimType.String), new("ElementName", CimType.String),
        new("ProtocolIFType", CimType.UInt16), new("DHCPEnabled", CimType.Boolean), new("IPAddresses", CimType.String, IsArray: true),
        new("Subnets", CimType.String, IsArray: true), new("DefaultGateways", CimType.String, IsArray: true), new("DNSServers", CimType.String, IsArray: true),
    ]);

    public override string Name => Declaration.Name;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_SettingData"];

    public static IEnumerable<FailoverNetworkAdapter> Of(VirtualMachine machine) => machine.FailoverNetwork.Select((text, index) => new FailoverNetworkAdapter(machine, index, text));

    protected override IEnumerable<FailoverNetworkAdapter> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, FailoverNetworkAdapter item)
        => [new("InstanceID", FormattableString.Invariant($@"Microsoft:{CimText.Guid(item.Machine.Id)}\FailoverNetworkAdapter\{item.Index}"))];

    protected override void Fill(HostWorld world, FailoverNetworkAdapter item, Dictionary<string, object?> properties)
    {
        var given = CimXmlText.Read(item.Text);
        foreach (var declared in Declaration.Properties.Where(declared => !properties.ContainsKey(declared.Name)))
        {
            properties[declared.Name] = declared.Name is "Caption" or "Description" or "ElementName" ? null : given[declared.Name];
        }
    }
}
