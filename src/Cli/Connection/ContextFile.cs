using System.Text.Encodings.Web;
using System.Text.Json;
using HostAgent.Texts;

namespace HostAgent.Cli.Connection;

/// <summary>
/// The user's context file: a JSON object with the settings of one connection, or with <c>contexts</c>, an object of named ones, and
/// <c>current</c>, the name of the one that is used where none is named. The settings are coordinator, certificate, private_key, authority,
/// coordinator_name and allow_tls12, each optional and a text, and in a named one <c>protected</c>, true or false.
/// Paths in it are relative to its folder. It is failback/context.json in the user's configuration folder, or what
/// FAILBACK_CONTEXT names.
/// </summary>
internal sealed class ContextFile
{
    /// <summary>The variable that names another file.</summary>
    public const string Variable = "FAILBACK_CONTEXT";

    private const string ContextsProperty = "contexts";
    private const string CurrentProperty = "current";
    private const string AddressProperty = "coordinator";
    private const string ProtectedProperty = "protected";
    private const int LongestName = 63;
    private static readonly string[] Files = ["certificate", "private_key", "authority"];
    private static readonly string[] Known = [AddressProperty, .. Files, "coordinator_name", "allow_tls12"];
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, SavedContext> _contexts = new(StringComparer.Ordinal);
    private SavedContext _unnamed;

    private ContextFile(string path)
    {
        Path = path;
        _unnamed = new SavedContext(null, path, new Dictionary<string, string>(), IsProtected: false);
    }

    /// <summary>The file, whether or not it exists.</summary>
    public string Path { get; }

    /// <summary>The named contexts, by name.</summary>
    public IReadOnlyCollection<SavedContext> Contexts => _contexts.Values;

    /// <summary>The name of the context that is used where none is named; null when the file names none.</summary>
    public string? Current { get; private set; }

    /// <summary>Reads the file. A missing default file holds nothing; a missing file that was named is an error.</summary>
    /// <exception cref="CommandException">The named file is missing, or the file is not valid.</exception>
    public static ContextFile Read(CommandEnvironment environment)
    {
        var named = environment.Variable(Variable) is { Length: > 0 } path ? path : null;
        var file = new ContextFile(named ?? System.IO.Path.Combine(environment.ConfigurationDirectory, "failback", "context.json"));
        if (!File.Exists(file.Path))
        {
            return named is null ? file : throw new CommandException(ExitCode.Invalid, $"{Variable}: the context file \"{file.Path}\" does not exist.");
        }

        try
        {
            using var document = JsonDocument.Parse(TextFile.Read(file.Path));
            file.Take(document.RootElement);
            return file;
        }
        catch (JsonException exception)
        {
            throw new CommandException(ExitCode.Invalid, $"{file.Path}:{(exception.LineNumber ?? 0) + 1}: the context file is not valid JSON.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Invalid, $"{file.Path}: the context file cannot be read: {exception.Message}");
        }
    }

    /// <summary>Writes a context file with these settings and no others.</summary>
    public static void Write(string path, ConnectionSettings settings)
    {
        var file = new ContextFile(path);
        file._unnamed = file._unnamed with { Values = ValuesOf(settings) };
        file.Write();
    }

    /// <summary>The context of a name; without a name the current one, or the settings that stand in the file itself.</summary>
    /// <exception cref="CommandException">There is no context of that name.</exception>
    public SavedContext Choose(string? name)
    {
        if ((name ?? Current) is not { } wanted)
        {
            return _unnamed;
        }

        return _contexts.TryGetValue(wanted, out var context)
            ? context
            : throw new CommandException(ExitCode.Invalid, $"{Path}: there is no context \"{wanted}\"; expected {Choices()}.");
    }

    /// <summary>Saves a context, in place of one of the same name. The first becomes the current one.</summary>
    public void Add(string name, ConnectionSettings settings, bool isProtected)
    {
        if (_unnamed.Values.Count > 0)
        {
            throw new CommandException(ExitCode.Invalid, $"{Path} holds the settings of one connection without a name. Move them into {{\"{ContextsProperty}\": {{\"NAME\": {{…}}}}}} first, or remove the file.");
        }

        _contexts[name] = new SavedContext(name, Path, ValuesOf(settings), isProtected);
        Current ??= name;
        Write();
    }

    /// <summary>Makes a context the current one.</summary>
    public void Use(string name)
    {
        Current = Choose(name).Name;
        Write();
    }

    /// <summary>Removes a context. None is current after the current one was removed.</summary>
    public void Remove(string name)
    {
        _contexts.Remove(Choose(name).Name!);
        Current = Current == name ? null : Current;
        Write();
    }

    /// <summary>Why a text cannot name a context; null when it can.</summary>
    public static string? ErrorOfName(string name)
        => name.Length is > 0 and <= LongestName && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? null
            : $"\"{name}\" is not a name of a context; expected 1 to {LongestName} letters, digits, '-', '_' and '.'.";

    private static Dictionary<string, string> ValuesOf(ConnectionSettings settings)
    {
        var values = new Dictionary<string, string>
        {
            [AddressProperty] = string.Join(',', settings.Coordinators.Select(address => address.GetLeftPart(UriPartial.Authority))),
            [Files[0]] = System.IO.Path.GetFullPath(settings.Certificate),
            [Files[1]] = System.IO.Path.GetFullPath(settings.PrivateKey),
            [Files[2]] = System.IO.Path.GetFullPath(settings.Authority),
        };
        if (settings.CoordinatorName is { } name)
        {
            values["coordinator_name"] = name;
        }

        if (settings.AllowTls12)
        {
            values["allow_tls12"] = "true";
        }

        return values;
    }

    private string Choices() => _contexts.Count == 0 ? "none, because the file has no contexts" : $"one of {string.Join(", ", _contexts.Keys)}";

    private void Write()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            WriteValues(writer, _unnamed);
            if (Current is not null)
            {
                writer.WriteString(CurrentProperty, Current);
            }

            if (_contexts.Count > 0)
            {
                writer.WriteStartObject(ContextsProperty);
                foreach (var (name, context) in _contexts)
                {
                    writer.WriteStartObject(name);
                    WriteValues(writer, context);
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        OutputFile.Write(Path, "the context", TextFile.Utf8.GetString(buffer.ToArray()) + "\n");
    }

    private static void WriteValues(Utf8JsonWriter writer, SavedContext context)
    {
        foreach (var name in Known.Where(context.Values.ContainsKey))
        {
            writer.WriteString(name, context.Values[name]);
        }

        if (context.IsProtected)
        {
            writer.WriteBoolean(ProtectedProperty, true);
        }
    }

    private void Take(JsonElement root)
    {
        Require(root.ValueKind == JsonValueKind.Object, $"the context file must hold one JSON object, not {root.ValueKind}");
        var values = new Dictionary<string, string>();
        foreach (var property in root.EnumerateObject())
        {
            switch (property.Name)
            {
                case ContextsProperty:
                    TakeContexts(property.Value);
                    break;
                case CurrentProperty:
                    Current = String(CurrentProperty, property.Value);
                    break;
                default:
                    TakeValue(values, property, [ContextsProperty, CurrentProperty]);
                    break;
            }
        }

        _unnamed = _unnamed with { Values = values };
        Require(values.Count == 0 || _contexts.Count == 0, $"has {string.Join(", ", values.Keys)} beside {ContextsProperty}; a setting belongs to one of the contexts");
        Require(Current is null || _contexts.ContainsKey(Current), $"{CurrentProperty} is \"{Current}\", which is not in {ContextsProperty}; expected {Choices()}");
    }

    private void TakeContexts(JsonElement contexts)
    {
        Require(contexts.ValueKind == JsonValueKind.Object, $"{ContextsProperty} must be an object of named contexts, not {contexts.ValueKind}");
        foreach (var context in contexts.EnumerateObject())
        {
            Require(ErrorOfName(context.Name) is null, $"{ContextsProperty}: {ErrorOfName(context.Name)?.TrimEnd('.')}");
            Require(context.Value.ValueKind == JsonValueKind.Object, $"{ContextsProperty}.{context.Name} must be an object, not {context.Value.ValueKind}");
            var (values, isProtected) = (new Dictionary<string, string>(), false);
            foreach (var property in context.Value.EnumerateObject())
            {
                if (property.Name == ProtectedProperty)
                {
                    Require(property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False, $"{ContextsProperty}.{context.Name}.{ProtectedProperty} must be true or false, not {property.Value.ValueKind}");
                    isProtected = property.Value.GetBoolean();
                }
                else
                {
                    TakeValue(values, property, [ProtectedProperty]);
                }
            }

            _contexts[context.Name] = new SavedContext(context.Name, Path, values, isProtected);
        }
    }

    private void TakeValue(Dictionary<string, string> values, JsonProperty property, IReadOnlyList<string> others)
    {
        Require(Known.Contains(property.Name), $"\"{property.Name}\" is not a setting; expected one of {string.Join(", ", [.. Known, .. others])}");
        var text = String(property.Name, property.Value);
        values[property.Name] = Files.Contains(property.Name)
            ? System.IO.Path.GetFullPath(text, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!)
            : text;
    }

    private string String(string name, JsonElement value)
    {
        Require(value.ValueKind == JsonValueKind.String, $"{name} must be a string, not {value.ValueKind}");
        return value.GetString()!;
    }

    private void Require(bool isMet, string otherwise)
    {
        if (!isMet)
        {
            throw new CommandException(ExitCode.Invalid, $"{Path}: {otherwise}.");
        }
    }
}

/// <summary>The settings of one connection in the context file.</summary>
/// <param name="Name">Its name; null for settings that stand in the file itself.</param>
/// <param name="File">The file.</param>
/// <param name="Values">The settings, by their properties.</param>
/// <param name="IsProtected">Whether a command that changes something must name the context.</param>
internal sealed record SavedContext(string? Name, string File, IReadOnlyDictionary<string, string> Values, bool IsProtected)
{
    /// <summary>The value of a property; null when the context does not have it.</summary>
    public SettingValue? Value(string property)
        => Values.TryGetValue(property, out var value) ? new SettingValue(value, $"{File}: {(Name is null ? property : $"contexts.{Name}.{property}")}") : null;
}
