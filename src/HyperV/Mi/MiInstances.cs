using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Mi;

/// <summary>Copies the library's instances, so that none outlives the call that it came from.</summary>
/// <param name="namespaceName">The session's namespace, for instances that do not name theirs.</param>
/// <param name="declarationOf">Reads the declaration of a class.</param>
internal sealed unsafe class MiInstances(string namespaceName, Func<string, MiClassDeclaration> declarationOf) : IMiInstanceReader
{
    /// <summary>Copies an instance with its path.</summary>
    public CimInstance Copy(MiObject* source)
    {
        var properties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var keys = new List<KeyValuePair<string, object>>();
        foreach (var (name, value, isKey) in ElementsOf(source))
        {
            properties[name] = value;
            if (isKey && value is not null)
            {
                keys.Add(new(name, value));
            }
        }

        var className = ClassOf(source);
        if (keys.Count == 0)
        {
            // Hosts may mark keys in the class only.
            keys.AddRange(declarationOf(className).Keys.Keys.Where(key => properties.GetValueOrDefault(key) is not null).Select(key => KeyValuePair.Create(key, properties[key]!)));
        }

        return new CimInstance(keys.Count == 0 ? null : PathOf(source, className, keys), className, properties);
    }

    /// <summary>Copies the outputs of a method.</summary>
    public Dictionary<string, object?> CopyOutputs(MiObject* source)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value, _) in ElementsOf(source))
        {
            values[name] = value;
        }

        return values;
    }

    public CimInstance ReadEmbedded(MiObject* instance) => Copy(instance);

    public CimObjectPath ReadReference(MiObject* instance)
    {
        var elements = ElementsOf(instance).Where(element => element.Value is not null).ToList();
        var keys = elements.Where(element => element.IsKey).ToList();
        return PathOf(instance, ClassOf(instance), (keys.Count == 0 ? elements : keys).Select(element => KeyValuePair.Create(element.Name, element.Value!)));
    }

    /// <summary>The class of an instance.</summary>
    public static string ClassOf(MiObject* source)
    {
        char* name;
        MiFailures.Require("Reading the class of an instance", Table(source)->GetClassName(source, &name));
        return new string(name);
    }

    /// <summary>A text of an instance; null when it has none of the name.</summary>
    public static string? StringOf(MiObject* source, string name)
        => TryGet(source, name, out var value, out var type) && type is MiType.String && value.String is not null ? new string(value.String) : null;

    /// <summary>A number of an instance; null when it has none of the name.</summary>
    public static uint? UInt32Of(MiObject* source, string name)
        => TryGet(source, name, out var value, out var type) && type is MiType.UInt32 or MiType.SInt32 ? value.UInt32 : null;

    /// <summary>An embedded instance, which stays part of its owner; null when there is none of the name.</summary>
    public static MiObject* InstanceOf(MiObject* source, string name)
        => TryGet(source, name, out var value, out var type) && type is MiType.Instance ? value.Instance : null;

    /// <summary>Deletes an instance that was made here or handed over.</summary>
    public static void Delete(MiObject* instance) => Table(instance)->Delete(instance);

    private static MiInstanceTable* Table(MiObject* source) => (MiInstanceTable*)source->Table;

    private static bool TryGet(MiObject* source, string name, out MiValue value, out MiType type)
    {
        MiValue found = default;
        MiType foundType;
        uint flags;
        uint index;
        fixed (char* text = name)
        {
            var has = Table(source)->GetElement(source, text, &found, &foundType, &flags, &index) is MiResult.Ok && (flags & MiConstants.NullFlag) == 0;
            (value, type) = (found, foundType);
            return has;
        }
    }

    private List<(string Name, object? Value, bool IsKey)> ElementsOf(MiObject* source)
    {
        uint count;
        MiFailures.Require("Reading an instance", Table(source)->GetElementCount(source, &count));
        var elements = new List<(string, object?, bool)>((int)count);
        for (var i = 0u; i < count; i++)
        {
            char* name;
            MiType type;
            uint flags;
            MiValue value = default;
            MiFailures.Require("Reading a property of an instance", Table(source)->GetElementAt(source, i, &name, &value, &type, &flags));
            elements.Add((new string(name), (flags & MiConstants.NullFlag) != 0 ? null : MiValues.Read(&value, type, this), (flags & MiConstants.KeyFlag) != 0));
        }

        return elements;
    }

    private CimObjectPath PathOf(MiObject* source, string className, IEnumerable<KeyValuePair<string, object>> keys)
    {
        char* text;
        var server = Table(source)->GetServerName(source, &text) is MiResult.Ok && text is not null ? new string(text) : null;
        var home = Table(source)->GetNamespace(source, &text) is MiResult.Ok && text is not null ? new string(text) : null;
        return new CimObjectPath(
            className,
            keys.Select(key => KeyValuePair.Create(key.Key, KeyOf(key.Value))),
            string.IsNullOrEmpty(home) ? namespaceName : home.Replace('/', '\\'),
            string.IsNullOrEmpty(server) ? null : server);
    }

    // A path has texts, numbers and truth values.
    private static object KeyOf(object value) => value switch
    {
        CimObjectPath path => path.ToString(),
        DateTimeOffset time => CimDateTime.Format(time),
        TimeSpan interval => CimDateTime.Format(interval),
        _ => value,
    };
}
