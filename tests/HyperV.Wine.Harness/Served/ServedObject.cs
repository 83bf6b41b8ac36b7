using System.Runtime.InteropServices.Marshalling;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Com;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>An instance, an event, or the parameters of a method, as a COM object.</summary>
[GeneratedComClass]
internal unsafe partial class ServedObject : IWbemClassObject
{
    private const int KeysOnly = 0x04;
    private const int SystemOnly = 0x30;
    private const int OriginMask = 0x70;
    private const int NonSystemOnly = 0x40;
    private const int SystemFlavor = 0x40;
    private const int ArrayFlag = 0x2000;

    private readonly string _className;
    private readonly CimObjectPath? _path;
    private readonly bool _isClass;
    private readonly List<ServedProperty> _properties;
    private readonly Lock _lock = new();

    public ServedObject(string className, CimObjectPath? path, IEnumerable<ServedProperty> properties, bool isClass = false)
    {
        _className = className;
        _path = path;
        _isClass = isClass;
        _properties = [.. properties];
    }

    /// <summary>An instance of a host.</summary>
    public static ServedObject Of(CimInstance instance)
        => new(instance.ClassName, instance.Path, instance.Properties.Select(property => ServedProperty.Of(property.Key, property.Value)));

    /// <summary>The values that a caller has put in, without those that are null.</summary>
    public Dictionary<string, object?> ReadValues()
    {
        lock (_lock)
        {
            return _properties.Where(property => property.Value is not null).ToDictionary(property => property.Name, property => property.Value);
        }
    }

    public int Get(string? name, int flags, ComVariant* value, int* type, int* flavor) => ComPointers.Answer(() =>
    {
        if (Find(name!) is not { } property)
        {
            return unchecked((int)CimErrorCode.NotFound);
        }

        if (value is not null)
        {
            *value = WmiVariants.From(property, Of);
        }

        if (type is not null)
        {
            *type = (int)property.Type | (property.IsArray ? ArrayFlag : 0);
        }

        if (flavor is not null)
        {
            *flavor = IsSystem(property.Name) ? SystemFlavor : 0;
        }

        return WbemStatus.Ok;
    });

    public int Put(string? name, int flags, ComVariant* value, int type) => ComPointers.Answer(() =>
    {
        lock (_lock)
        {
            var at = _properties.FindIndex(property => Same(property.Name, name!));
            if (at < 0)
            {
                return unchecked((int)CimErrorCode.NotFound);
            }

            _properties[at] = _properties[at] with { Value = WmiVariants.Read(_properties[at].Type, _properties[at].IsArray, *value) };
            return WbemStatus.Ok;
        }
    });

    public virtual int GetNames(string? qualifier, int flags, ComVariant* value, nint* names) => ComPointers.Answer(() =>
    {
        lock (_lock)
        {
            *names = SafeArrays.OfTexts((flags & OriginMask) switch
            {
                _ when (flags & KeysOnly) != 0 => [.. _path?.Keys.Keys ?? []],
                NonSystemOnly => [.. _properties.Select(property => property.Name)],
                SystemOnly => [.. SystemProperties().Select(property => property.Name)],
                _ => [.. SystemProperties().Concat(_properties).Select(property => property.Name)],
            });
            return WbemStatus.Ok;
        }
    });

    public int Clone(nint* copy) => Spawn(copy, _isClass);

    public int SpawnInstance(int flags, nint* instance) => Spawn(instance, isClass: false);

    public int InheritsFrom(string? ancestor) => Same(_className, ancestor!) ? WbemStatus.Ok : WbemStatus.False;

    public virtual int GetMethod(string? name, int flags, nint* inputs, nint* outputs) => unchecked((int)CimErrorCode.NotFound);

    public int GetQualifierSet(nint* set) => WbemStatus.NotImplemented;

    public int Delete(string? name) => WbemStatus.NotImplemented;

    public int BeginEnumeration(int flags) => WbemStatus.NotImplemented;

    public int Next(int flags, nint* name, ComVariant* value, int* type, int* flavor) => WbemStatus.NotImplemented;

    public int EndEnumeration() => WbemStatus.NotImplemented;

    public int GetPropertyQualifierSet(string? name, nint* set) => WbemStatus.NotImplemented;

    public int GetObjectText(int flags, nint* text) => WbemStatus.NotImplemented;

    public int SpawnDerivedClass(int flags, nint* derived) => WbemStatus.NotImplemented;

    public int CompareTo(int flags, nint other) => WbemStatus.NotImplemented;

    public int GetPropertyOrigin(string? name, nint* origin) => WbemStatus.NotImplemented;

    public int PutMethod(string? name, int flags, nint inputs, nint outputs) => WbemStatus.NotImplemented;

    public int DeleteMethod(string? name) => WbemStatus.NotImplemented;

    public virtual int BeginMethodEnumeration(int flags) => WbemStatus.NotImplemented;

    public virtual int NextMethod(int flags, nint* name, nint* inputs, nint* outputs) => WbemStatus.NotImplemented;

    public virtual int EndMethodEnumeration() => WbemStatus.NotImplemented;

    public int GetMethodQualifierSet(string? name, nint* set) => WbemStatus.NotImplemented;

    public int GetMethodOrigin(string? name, nint* origin) => WbemStatus.NotImplemented;

    private static bool IsSystem(string name) => name.StartsWith("__", StringComparison.Ordinal);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private int Spawn(nint* pointer, bool isClass) => ComPointers.Answer(() =>
    {
        lock (_lock)
        {
            *pointer = ComPointers.Of<IWbemClassObject>(new ServedObject(_className, _path, _properties, isClass));
            return WbemStatus.Ok;
        }
    });

    private ServedProperty? Find(string name)
    {
        lock (_lock)
        {
            return (IsSystem(name) ? SystemProperties() : _properties).FirstOrDefault(property => Same(property.Name, name));
        }
    }

    // An object that is only embedded has these properties too; they are null.
    private IEnumerable<ServedProperty> SystemProperties()
    {
        yield return new("__GENUS", CimType.SInt32, IsArray: false, _isClass ? 1 : 2);
        yield return new("__CLASS", CimType.String, IsArray: false, _className);
        yield return new("__SUPERCLASS", CimType.String, IsArray: false, null);
        yield return new("__DYNASTY", CimType.String, IsArray: false, _className);
        yield return new("__RELPATH", CimType.String, IsArray: false, _path is null ? null : new CimObjectPath(_path.ClassName, _path.Keys).ToString());
        yield return new("__PROPERTY_COUNT", CimType.SInt32, IsArray: false, _properties.Count);
        yield return new("__DERIVATION", CimType.String, IsArray: true, Array.Empty<string>());
        yield return new("__SERVER", CimType.String, IsArray: false, _path?.Server);
        yield return new("__NAMESPACE", CimType.String, IsArray: false, _path?.Namespace);
        yield return new("__PATH", CimType.String, IsArray: false, _path?.ToString());
    }
}
