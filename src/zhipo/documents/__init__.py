"""Notices, rulings and letters as DOCX from whole templates."""
