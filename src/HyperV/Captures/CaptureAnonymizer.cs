using System.Globalization;
using System.Text.RegularExpressions;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Captures;

/// <summary>
/// Replaces names and addresses in a capture by numbered ones, the same name by the same one everywhere: in values, in paths and within longer
/// texts. Identifiers of machines and objects stay, since they hold the capture together; free text is removed.
/// </summary>
public sealed partial class CaptureAnonymizer
{
    // A shorter name is part of many a word.
    private const int ShortestName = 3;

    private static readonly string[] NameProperties =
    [
        "ElementName", "SystemName", "PSComputerName", "DNSHostName", "PrimaryHostSystem", "RecoveryHostSystem", "PrimaryConnectionPoint", "RecoveryConnectionPoint",
        "AllowedPrimaryHostSystem", "TrustGroup", "OwnerNode", "OwnerGroup", "Label", "Owner", "CertificateThumbPrint", "SerialNumber", "DeviceID",
    ];

    private static readonly string[] FreeText = ["Notes", "Description", "Caption", "StatusDescriptions", "ErrorDescription", "ErrorSummaryDescription"];

    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _files = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Replaces what records have. Names are collected from all of them first, so that none is missed in an earlier one.</summary>
    public IReadOnlyList<CaptureRecord> Anonymize(IReadOnlyList<CaptureRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var instance in records.SelectMany(InstancesOf))
        {
            Learn(instance);
        }

        return [.. records.Select(Replace)];
    }

    private static IReadOnlyList<CimInstance> InstancesOf(CaptureRecord record) => record switch
    {
        CapturedListing listing => listing.Instances,
        CapturedAssociation association => association.Instances,
        CapturedChange change => [change.Instance],
        _ => [],
    };

    private CaptureRecord Replace(CaptureRecord record) => record switch
    {
        CaptureStart start => start with { IsAnonymized = true },
        CapturedListing listing => listing with { Instances = [.. listing.Instances.Select(Replace)] },
        CapturedAssociation association => association with { Source = Anonymize(association.Source), Instances = [.. association.Instances.Select(Replace)] },
        CapturedChange change => change with { Instance = Replace(change.Instance) },
        _ => record,
    };

    private void Learn(CimInstance instance)
    {
        LearnName(instance.Path?.Server);
        foreach (var (name, value) in instance.Properties)
        {
            // A computer system that is no machine is the host itself.
            var isName = NameProperties.Contains(name, StringComparer.OrdinalIgnoreCase) || (name == "Name" && instance.ClassName == HyperVClasses.ComputerSystem);
            switch (value)
            {
                case string text when isName:
                    LearnName(text);
                    break;
                case CimInstance embedded:
                    Learn(embedded);
                    break;
            }
        }
    }

    private void LearnName(string? text)
    {
        if (text is { Length: >= ShortestName } && !Guid.TryParse(text, out _) && !text.StartsWith("Msvm_", StringComparison.Ordinal) && !_names.ContainsValue(text))
        {
            _names.TryAdd(text, string.Create(CultureInfo.InvariantCulture, $"name-{_names.Count + 1}"));
        }
    }

    private CimInstance Replace(CimInstance instance) => new(
        instance.Path is null ? null : Anonymize(instance.Path),
        instance.ClassName,
        instance.Properties.Select(property => KeyValuePair.Create(property.Key, Replace(property.Key, property.Value))));

    private object? Replace(string property, object? value) => value switch
    {
        string or string?[] when FreeText.Contains(property, StringComparer.OrdinalIgnoreCase) => value is string ? "removed" : Array.Empty<string>(),
        string text => Replace(text),
        string?[] texts => Array.ConvertAll(texts, text => text is null ? null : Replace(text)),
        CimObjectPath path => Anonymize(path),
        CimObjectPath[] paths => Array.ConvertAll(paths, Anonymize),
        CimInstance embedded => Replace(embedded),
        CimInstance[] many => Array.ConvertAll(many, Replace),
        _ => value,
    };

    private CimObjectPath Anonymize(CimObjectPath path) => new(
        path.ClassName, path.Keys.Select(key => KeyValuePair.Create(key.Key, key.Value is string text ? Replace(text) : key.Value)), path.Namespace, path.Server is null ? null : Replace(path.Server));

    private string Replace(string text)
    {
        if (text.StartsWith(@"\\", StringComparison.Ordinal) && CimObjectPath.TryParse(text, out var path) && path.Namespace is not null)
        {
            return Anonymize(path).ToString();
        }

        // The longest first: a host's name is often part of its name with the domain.
        foreach (var (name, other) in _names.OrderByDescending(pair => pair.Key.Length))
        {
            text = text.Replace(name, other, StringComparison.OrdinalIgnoreCase);
        }

        text = Addresses().Replace(text, match => Numbered(_addresses, match.Value, "address"));
        return Files().Replace(text, match => string.Join('\\', match.Value.Split('\\').Select(ReplaceFolder)));
    }

    // Drives, devices, identifiers and extensions stay.
    private string ReplaceFolder(string folder)
    {
        var extension = Path.GetExtension(folder);
        var name = folder[..^extension.Length];
        return name.Length < ShortestName || Guid.TryParse(name, out _) || name.StartsWith("Volume{", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("name-", StringComparison.Ordinal)
            ? folder
            : Numbered(_files, name, "file") + extension;
    }

    private static string Numbered(Dictionary<string, string> known, string text, string kind)
    {
        if (text.StartsWith($"{kind}-", StringComparison.Ordinal))
        {
            return text;
        }

        if (!known.TryGetValue(text, out var number))
        {
            known[text] = number = string.Create(CultureInfo.InvariantCulture, $"{kind}-{known.Count + 1}");
        }

        return number;
    }

    // IPv4, and IPv6 with at least two colons; a time of day has those too, but not within a text of CIM.
    [GeneratedRegex(@"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9A-Fa-f]{1,4}:){2,7}[0-9A-Fa-f]{1,4}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Addresses();

    // A file or a folder, of a drive or of a share.
    [GeneratedRegex(@"(?:\b[A-Za-z]:\\|\\\\)[^""'*?<>|]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Files();
}
