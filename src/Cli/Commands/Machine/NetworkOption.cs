using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Machine;

/// <summary>Reads <c>--network FROM=TO[,dhcp][,vlan=ID][,mac=keep]</c>. What follows the last comma and is none of these belongs to the name.</summary>
internal static class NetworkOption
{
    /// <summary>Reads one; null after an error.</summary>
    public static ReturnNetwork? Read(string text, Action<string> fail)
    {
        var (network, rest) = (new ReturnNetwork(), text);
        while (rest.LastIndexOf(',') is > 0 and var comma && Take(network, rest[(comma + 1)..]))
        {
            rest = rest[..comma];
        }

        if (rest.Split('=', 2) is not [{ Length: > 0 } from, { Length: > 0 } to])
        {
            fail($"--network is '{text}'; it must be FROM=TO, a switch at the recovery site and one at home, and may end with ,dhcp, ,vlan=ID (or ,vlan=untagged) and ,mac=keep.");
            return null;
        }

        (network.From, network.To) = (from, to);
        return network;
    }

    private static bool Take(ReturnNetwork network, string part)
    {
        switch (part.Split('=', 2))
        {
            case ["dhcp"]:
                network.Dhcp = true;
                return true;
            case ["mac", "keep"]:
                network.KeepMac = true;
                return true;
            case ["vlan", "untagged"]:
                network.Vlan = 0;
                return true;
            case ["vlan", var id] when uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var vlan) && vlan > 0:
                network.Vlan = vlan;
                return true;
            default:
                return false;
        }
    }
}
