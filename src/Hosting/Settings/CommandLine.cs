using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace HostAgent.Hosting.Settings;

/// <summary>A short name of a setting on the command line.</summary>
/// <param name="Name">The switch, such as <c>--listen</c>.</param>
/// <param name="Value">What its value is called in the help, such as <c>ADDRESS:PORT</c>.</param>
/// <param name="Key">The setting, without its section.</param>
/// <param name="Meaning">What it does, one or two sentences for the help.</param>
public sealed record CommandLineSwitch(string Name, string Value, string Key, string Meaning);

/// <summary>The command line of a server: its switches, and any other setting as <c>--Section:Key VALUE</c>.</summary>
/// <param name="section">The section of its settings.</param>
/// <param name="switches">Its switches, in the order of the help.</param>
/// <param name="example">A setting without a switch and a value of it, for the help.</param>
public sealed class CommandLine(string section, IReadOnlyList<CommandLineSwitch> switches, string example)
{
    private const string SettingsFile = "--settings";

    /// <summary>Whether <c>--settings FILE</c> names a JSON file of settings. It comes after <c>appsettings.json</c> and before the environment.</summary>
    public bool TakesSettingsFile { get; init; }

    /// <summary>What the command line takes, and what each switch means.</summary>
    public IReadOnlyList<(string Switch, string Meaning)> Described =>
    [
        .. switches.Select(known => ($"{known.Name} {known.Value}", known.Meaning)),
        .. TakesSettingsFile ? [($"{SettingsFile} FILE", "A JSON file of settings.")] : Array.Empty<(string, string)>(),
        ("--Section:Key VALUE", $"Any other setting, for example --{section}:{example}."),
    ];

    private string Allowed
        => $"it must be one of {string.Join(", ", [.. TakesSettingsFile ? [SettingsFile] : Array.Empty<string>(), .. switches.Select(known => known.Name)])}, or --Section:Key, each with a value";

    /// <summary>Adds the command line to a configuration, before all other sources, and the file that it names.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="args">The command line.</param>
    /// <param name="errors">Receives one line for each unknown switch, missing value and unreadable file.</param>
    public void AddTo(IConfigurationBuilder configuration, IReadOnlyList<string> args, ICollection<string> errors)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(errors);
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < args.Count; index++)
        {
            var parts = args[index].Split('=', 2);
            if (!parts[0].StartsWith("--", StringComparison.Ordinal))
            {
                errors.Add($"'{args[index]}' is not a switch; {Allowed}.");
                continue;
            }

            var value = parts.Length == 2 ? parts[1]
                : index + 1 < args.Count && !args[index + 1].StartsWith("--", StringComparison.Ordinal) ? args[++index]
                : null;
            if (KeyOf(parts[0]) is not { } key)
            {
                errors.Add($"'{parts[0]}' is not a switch; {Allowed}.");
            }
            else if (value is null)
            {
                errors.Add($"'{parts[0]}' has no value; it must be followed by one.");
            }
            else
            {
                values[key] = value;
            }
        }

        if (values.Remove(SettingsFile, out var file))
        {
            AddFile(configuration, file!, errors);
        }

        configuration.AddInMemoryCollection(values);
    }

    private static void AddFile(IConfigurationBuilder configuration, string file, ICollection<string> errors)
    {
        var source = new JsonConfigurationSource { Path = Path.GetFullPath(file), Optional = false };
        source.ResolveFileProvider();
        try
        {
            // Read once here: the host would report a broken file by a stack trace.
            new ConfigurationBuilder().Add(source).Build();
        }
        catch (FileNotFoundException)
        {
            errors.Add($"{SettingsFile} is '{file}'; it must be the path of an existing JSON file.");
            return;
        }
        catch (Exception exception) when (exception is InvalidDataException or UnauthorizedAccessException or IOException)
        {
            errors.Add($"{SettingsFile} is '{file}', which cannot be read: {exception.GetBaseException().Message.ReplaceLineEndings(" ")}");
            return;
        }

        var lastFile = configuration.Sources.ToList().FindLastIndex(known => known is JsonConfigurationSource);
        configuration.Sources.Insert(lastFile + 1, source);
    }

    private string? KeyOf(string name)
        => switches.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found ? $"{section}:{found.Key}"
            : TakesSettingsFile && name.Equals(SettingsFile, StringComparison.OrdinalIgnoreCase) ? SettingsFile
            : name.Contains(':', StringComparison.Ordinal) ? name[2..]
            : null;
}
