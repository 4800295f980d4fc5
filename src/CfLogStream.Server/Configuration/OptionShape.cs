using System.Collections.Concurrent;
using System.Reflection;

namespace CfLogStream.Server.Configuration;

/// <summary>
/// The keys of one option record, found by reflection once. Two forms of record are known: sections, which have defaults for everything,
/// and items of lists, which are made by their constructor and have keys that must be given.
/// </summary>
internal sealed class OptionShape
{
    private static readonly ConcurrentDictionary<Type, OptionShape> s_shapes = new();

    private readonly Type _type;
    private readonly ConstructorInfo? _constructor;

    private OptionShape(Type type)
    {
        _type = type;
        bool isSection = type.GetConstructor(Type.EmptyTypes) is not null;
        if (isSection)
        {
            object defaults = Activator.CreateInstance(type)!;
            Keys = [.. Options(type).Select(property => new OptionKey(property, property.GetValue(defaults)))];
        }
        else
        {
            _constructor = type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).First();
            Keys =
            [
                .. _constructor.GetParameters()
                    .Select(parameter => type.GetProperty(parameter.Name!)!)
                    .Select(property => new OptionKey(property, OptionRules.For(type, property.Name).Optional)),
            ];
        }
    }

    /// <summary>The keys in the order of the record.</summary>
    public IReadOnlyList<OptionKey> Keys { get; }

    /// <summary>Returns the shape of a record type.</summary>
    public static OptionShape Of(Type type) => s_shapes.GetOrAdd(type, static type => new OptionShape(type));

    /// <summary>Returns the key of this name, or null.</summary>
    public OptionKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);

    /// <summary>Makes a record with these values and the defaults of all other keys.</summary>
    public object Create(IReadOnlyDictionary<OptionKey, object> values)
    {
        if (_constructor is not null)
        {
            return _constructor.Invoke([.. Keys.Select(key => values.TryGetValue(key, out object? value) ? value : key.Default)]);
        }

        object record = Activator.CreateInstance(_type)!;
        foreach ((OptionKey key, object value) in values)
        {
            key.Property.SetValue(record, value);
        }

        return record;
    }

    /// <summary>Returns every key of the tree with its full name; the items of a list are written <c>[]</c>.</summary>
    public IEnumerable<(string Path, OptionKey Key)> Walk(string prefix = "")
    {
        foreach (OptionKey key in Keys)
        {
            string path = prefix + key.Name;
            yield return (path, key);
            if (key.Kind == OptionKind.Section)
            {
                foreach ((string Path, OptionKey Key) inner in key.Shape.Walk(path + (key.IsList ? "[]." : ".")))
                {
                    yield return inner;
                }
            }
        }
    }

    private static IEnumerable<PropertyInfo> Options(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite
            && property.PropertyType != typeof(Secret)
            && !OptionRules.For(type, property.Name).IsDerived);
}
