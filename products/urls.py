"""Addresses of products and vendors, within a store."""

from django.urls import URLPattern, URLResolver, include, path

from products import views

Addresses = list[URLPattern | URLResolver]

categories: Addresses = [
    path("", views.CategoryList.as_view(), name="categories"),
    path("add/", views.AddCategory.as_view(), name="add_category"),
    path("<key:category>/", views.EditCategory.as_view(), name="category"),
    path("<key:category>/discount/", views.CategoryDiscount.as_view(), name="category_discount"),
    path("<key:category>/deletion/", views.CategoryDeletion.as_view(), name="category_deletion"),
]
products: Addresses = [
    path("", views.ProductList.as_view(), name="list"),
    path("add/", views.AddProduct.as_view(), name="add"),
    path("names/", views.ProductNames.as_view(), name="names"),
    path("discount/", views.BulkDiscount.as_view(), name="bulk_discount"),
    path("export/", views.ProductExport.as_view(), name="export"),
    path("export.csv", views.ProductExport.as_view(as_file=True), name="export_file"),
    path("deleted/", views.DeletedProducts.as_view(), name="deleted"),
    path("categories/", include(categories)),
    path("<key:pk>/", views.EditProduct.as_view(), name="product"),
    path("<key:pk>/deletion/", views.ProductDeletion.as_view(), name="deletion"),
    path("<key:pk>/restoration/", views.ProductRestoration.as_view(), name="restoration"),
    path("<key:pk>/image/<str:name>", views.ProductImage.as_view(), name="image"),
]
groups: Addresses = [
    path("", views.GroupList.as_view(), name="groups"),
    path("add/", views.AddGroup.as_view(), name="add_group"),
    path("<key:group>/", views.EditGroup.as_view(), name="group"),
    path("<key:group>/deletion/", views.GroupDeletion.as_view(), name="group_deletion"),
]
vendors: Addresses = [
    path("", views.VendorList.as_view(), name="vendors"),
    path("add/", views.AddVendor.as_view(), name="add_vendor"),
    path("discount/", views.BulkRates.as_view(), name="bulk_rates"),
    path("retired/", views.RetiredVendors.as_view(), name="retired"),
    path("groups/", include(groups)),
    path("<key:vendor>/", views.EditVendor.as_view(), name="vendor"),
    path("<key:vendor>/retirement/", views.Retirement.as_view(), name="retirement"),
    path("<key:vendor>/revival/", views.Revival.as_view(), name="revival"),
    path("<key:vendor>/deletion/", views.VendorDeletion.as_view(), name="vendor_deletion"),
]

app_name = "products"
urlpatterns = [path("products/", include(products)), path("vendors/", include(vendors))]
