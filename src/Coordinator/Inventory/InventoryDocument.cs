using System.Text.RegularExpressions;
using HostAgent.Documents;

namespace HostAgent.Coordinator.Inventory;

/// <summary>
/// Reads the inventory: <c>apiVersion: failback/v1</c>, <c>kind: Inventory</c> and <c>hosts</c>, a list of
/// <c>name, address, site, primarySite, tenant, labels</c>. Name and address are required.
/// </summary>
internal static partial class InventoryDocument
{
    private const string NameRule = "1 to 253 letters, digits, '.', '-' and '_', starting and ending with a letter or digit";
    private const string AddressRule = "the agent's address https://host:port without a path";

    private const int MaxHosts = 20_000;

    // Enough for the maximum number of hosts with labels. It is the operator's own file, read once, so it may take long.
    private static readonly DocumentLimits Limits = new() { Bytes = 16 * 1024 * 1024, Time = TimeSpan.FromSeconds(30) };

    /// <summary>Reads the hosts in document order, or every error.</summary>
    public static DocumentResult<IReadOnlyList<InventoryHost>> Read(string text, string source)
    {
        // Where each name and address was first used, for the error about a second use.
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var addresses = new Dictionary<Uri, string>();
        return DocumentReader.Read(
            text,
            source,
            document =>
            {
                document.Required("apiVersion", "failback/v1").Choice("failback/v1");
                document.Required("kind", "Inventory").Choice("Inventory");
                return document.Required("hosts", "a list of at least one host").List(field => field.Mapping(host => ReadHost(host, names, addresses)), minimum: 1, MaxHosts);
            },
            Limits);
    }

    private static InventoryHost ReadHost(MappingReader host, Dictionary<string, string> names, Dictionary<Uri, string> addresses)
    {
        var name = ReadName(host.Required("name", NameRule), names);
        var address = ReadAddress(host.Required("address", AddressRule), addresses);
        return new InventoryHost(
            name,
            address,
            host.Optional("site").Name(1, 253) ?? string.Empty,
            host.Optional("primarySite").Name(1, 253) ?? string.Empty,
            host.Optional("tenant").Name(1, 253) ?? string.Empty,
            host.Optional("labels").TextMap());
    }

    private static string ReadName(Field field, Dictionary<string, string> names)
    {
        if (field.Text(1, 253) is not { } name)
        {
            return string.Empty;
        }

        if (!HostName().IsMatch(name))
        {
            field.Reject(NameRule);
        }
        else if (!names.TryAdd(name, field.Path))
        {
            field.Reject("a name that no other host has", $"{field.Path} is '{name}', which is already {names[name]}; host names must be unique.");
        }

        return name;
    }

    private static Uri ReadAddress(Field field, Dictionary<Uri, string> addresses)
    {
        var unread = new Uri("https://unread.invalid");
        if (field.AbsoluteUri("https") is not { } address)
        {
            return unread;
        }

        if (address.AbsolutePath != "/" || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0 || address.Port == 0)
        {
            field.Reject(AddressRule);
        }
        else if (!addresses.TryAdd(address, field.Path))
        {
            field.Reject("an address that no other host has", $"{field.Path} is '{address.OriginalString}', which is already {addresses[address]}; host addresses must be unique.");
        }

        return address;
    }

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}

/// <summary>A Hyper-V host in the inventory.</summary>
/// <param name="Name">Its name; unique, case-insensitive, and the name in its agent's certificate.</param>
/// <param name="Address">Where its agent listens, https://host:port.</param>
/// <param name="Site">Its site; empty when not given.</param>
/// <param name="PrimarySite">The primary site of its machines; empty when not given.</param>
/// <param name="Tenant">Its tenant; empty when not given.</param>
/// <param name="Labels">Labels for selectors.</param>
internal sealed record InventoryHost(
    string Name,
    Uri Address,
    string Site,
    string PrimarySite,
    string Tenant,
    IReadOnlyDictionary<string, string> Labels);
