"""What a scene looks like, as far as parameters change it: lights, sky, materials, cameras."""
