using System.Text.Json;
using HostAgent.Texts;

namespace HostAgent.Cli.Connection;

/// <summary>
/// The user's context file: a JSON object with the properties coordinator, certificate, private_key, authority, coordinator_name and
/// allow_tls12, each optional and a text.
/// Paths in it are relative to its folder. It is failback/context.json in the user's configuration folder, or what
/// FAILBACK_CONTEXT names.
/// </summary>
internal sealed class ContextFile
{
    /// <summary>The variable that names another file.</summary>
    public const string Variable = "FAILBACK_CONTEXT";

    private const string AddressProperty = "coordinator";
    private static readonly string[] Files = ["certificate", "private_key", "authority"];
    private static readonly string[] Known = [AddressProperty, .. Files, "coordinator_name", "allow_tls12"];

    private readonly IReadOnlyDictionary<string, string> _values;

    private ContextFile(string path, IReadOnlyDictionary<string, string> values)
    {
        Path = path;
        _values = values;
    }

    /// <summary>The file, whether or not it exists.</summary>
    public string Path { get; }

    /// <summary>Reads the file. A missing default file holds nothing; a missing file that was named is an error.</summary>
    /// <exception cref="CommandException">The named file is missing, or the file is not valid.</exception>
    public static ContextFile Read(CommandEnvironment environment)
    {
        var named = environment.Variable(Variable) is { Length: > 0 } path ? path : null;
        var file = named ?? System.IO.Path.Combine(environment.ConfigurationDirectory, "failback", "context.json");
        if (!File.Exists(file))
        {
            return named is null
                ? new ContextFile(file, new Dictionary<string, string>())
                : throw new CommandException(ExitCode.Invalid, $"{Variable}: the context file \"{file}\" does not exist.");
        }

        try
        {
            using var document = JsonDocument.Parse(TextFile.Read(file));
            return new ContextFile(file, Values(file, document.RootElement));
        }
        catch (JsonException exception)
        {
            throw new CommandException(ExitCode.Invalid, $"{file}:{(exception.LineNumber ?? 0) + 1}: the context file is not valid JSON.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Invalid, $"{file}: the context file cannot be read: {exception.Message}");
        }
    }

    /// <summary>Writes a context file with these settings.</summary>
    public static void Write(string path, ConnectionSettings settings)
    {
        var values = new Dictionary<string, string>
        {
            [AddressProperty] = settings.Coordinator.GetLeftPart(UriPartial.Authority),
            [Files[0]] = settings.Certificate,
            [Files[1]] = settings.PrivateKey,
            [Files[2]] = settings.Authority,
        };
        OutputFile.Write(path, "the context", JsonSerializer.Serialize(values, JsonSerializerOptions.Web) + "\n");
    }

    /// <summary>The value of a property; null when the file does not have it.</summary>
    public SettingValue? Value(string property)
        => _values.TryGetValue(property, out var value) ? new SettingValue(value, $"{Path}: {property}") : null;

    private static Dictionary<string, string> Values(string file, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new CommandException(ExitCode.Invalid, $"{file}: the context file must hold one JSON object, not {root.ValueKind}.");
        }

        var values = new Dictionary<string, string>();
        foreach (var property in root.EnumerateObject())
        {
            if (!Known.Contains(property.Name))
            {
                throw new CommandException(ExitCode.Invalid, $"{file}: \"{property.Name}\" is not a setting; expected one of {string.Join(", ", Known)}.");
            }

            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw new CommandException(ExitCode.Invalid, $"{file}: {property.Name} must be a string, not {property.Value.ValueKind}.");
            }

            var text = property.Value.GetString()!;
            values[property.Name] = !Files.Contains(property.Name)
                ? text
                : System.IO.Path.GetFullPath(text, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!);
        }

        return values;
    }
}
